'use strict';
// Firms, users, tokens, the own password.
(() => {
  const GIVEN = JSON.parse(document.getElementById('data').textContent);
  const fault = document.getElementById('fault');
  const by = (id) => document.getElementById(id);
  const doing = async (work) => {
    fault.hidden = true;
    try { await work(); } catch (error) { fault.hidden = false; fault.textContent = error.message; fault.scrollIntoView(); }
  };
  const onSubmit = (id, work) => { const form = by(id); if (form) form.addEventListener('submit', (e) => { e.preventDefault(); doing(() => work(form, Object.fromEntries(new FormData(form).entries()))); }); };

  onSubmit('add-tenant', async (form, said) => { await tumoCall('POST', '/api/v1/tenants', said); location.reload(); });
  onSubmit('add-user', async (form, said) => {
    const user = { name: said.name, role: said.role, password: said.password };
    if (said.role === 'firm') user.tenant = said.tenant;
    if (said.role === 'reviewer') user.area = said.area;
    await tumoCall('POST', '/api/v1/users', user);
    location.reload();
  });
  onSubmit('add-token', async (form, said) => {
    const scopes = [...form.querySelectorAll('input[name=scope]:checked')].map((c) => c.value);
    const made = await tumoCall('POST', '/api/v1/tokens', { name: said.name, days: Number(said.days), scopes });
    const secret = by('secret');
    secret.hidden = false;
    secret.querySelector('code').textContent = made.secret;
    form.reset();
  });
  onSubmit('password', async (form, said) => { await tumoCall('PATCH', `/api/v1/users/${GIVEN.me}`, { password: said.password }); location.href = '/sign-in'; });

  const role = document.querySelector('#add-user select[name=role]');
  if (role) {
    const turn = () => {
      document.querySelector('.for-firm').hidden = role.value !== 'firm';
      document.querySelector('.for-reviewer').hidden = role.value !== 'reviewer';
    };
    role.addEventListener('change', turn);
    turn();
  }
  for (const button of document.querySelectorAll('[data-user]')) {
    button.addEventListener('click', () => doing(async () => { await tumoCall('PATCH', `/api/v1/users/${button.dataset.user}`, { disabled: button.dataset.disabled !== 'true' }); location.reload(); }));
  }
  // in place of the button: the new password, and what sets it
  for (const button of document.querySelectorAll('[data-password]')) {
    button.addEventListener('click', () => {
      const input = Object.assign(document.createElement('input'), { type: 'password', minLength: 10, required: true, autocomplete: 'new-password' });
      input.setAttribute('aria-label', button.textContent);
      const set = Object.assign(document.createElement('button'), { type: 'submit', className: 'link', textContent: button.textContent });
      const form = Object.assign(document.createElement('form'), { className: 'set-password' });
      form.append(input, ' ', set);
      form.addEventListener('submit', (e) => { e.preventDefault(); doing(async () => { await tumoCall('PATCH', `/api/v1/users/${button.dataset.password}`, { password: input.value }); location.reload(); }); });
      button.replaceWith(form);
      input.focus();
    });
  }
  for (const button of document.querySelectorAll('[data-token]')) {
    button.addEventListener('click', () => doing(async () => { await tumoCall('DELETE', `/api/v1/tokens/${button.dataset.token}`); location.reload(); }));
  }
})();
