//! Whom the service may call: hosts that the configuration names, wherever they stand, and, where it says so, any other
//! over https whose addresses are all public. The address that was looked at is the one that is called: a name that
//! answers otherwise the next moment gains nothing. Who stands there is shown by a certificate.

use super::config::Webhooks;
use super::fault::{Fault, Outcome};
use super::log;
use axum::http::Uri;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Callee {
    /// Over TLS.
    pub tls: bool,
    /// Host, with its port where one is given: what the request names.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// Host alone, without the brackets of an IPv6 address.
    name: String,
    port: u16,
    /// The configuration names it.
    named: bool,
}

impl Callee {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is none of http or https, or may not be called.
    pub(crate) fn read(set: &Webhooks, url: &str) -> Outcome<Self> {
        let refused = |why: &str| Err(Fault::Bad(format!("{url}: {why}")));
        let Ok(uri) = url.parse::<Uri>() else { return refused("is no address") };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return refused("an address begins with http:// or https://");
        };
        let tls = match scheme {
            "https" => true,
            "http" => false,
            _ => return refused("an address begins with http:// or https://"),
        };
        if authority.as_str().contains('@') {
            return refused("an address names no user");
        }
        let name = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let host = authority.as_str().to_ascii_lowercase();
        let named = set.hosts.iter().any(|h| h.eq_ignore_ascii_case(&host));
        let open = tls && set.public;
        if !named && !open {
            return refused("may not be called; name its host under [webhooks] hosts in the configuration");
        }
        if !named && name.parse().is_ok_and(|ip| !is_public(ip)) {
            return refused(PRIVATE);
        }
        let path = uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
        Ok(Self { tls, host, path, name, port, named })
    }

    /// Connects to one of its addresses.
    pub(crate) async fn connect(&self) -> Result<TcpStream, String> {
        let found = tokio::net::lookup_host((self.name.as_str(), self.port)).await;
        let found: Vec<SocketAddr> = found.map_err(|e| format!("{}: {e}", self.name))?.collect();
        if !self.named && !found.iter().all(|a| is_public(a.ip())) {
            return Err(PRIVATE.into());
        }
        let mut last = format!("{}: has no address", self.name);
        for address in found {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(e) => last = format!("{address}: {e}"),
            }
        }
        Err(last)
    }
}

/// What is told of an address of the own network that the configuration does not name.
const PRIVATE: &str =
    "its address is not a public one; name its host under [webhooks] hosts in the configuration";

/// An address of the public internet (IANA special-purpose address registries: what is not globally reachable is none).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        // shared by carriers (RFC 6598), protocols (RFC 6890), benchmarks (RFC 2544), relays of 6to4 (RFC 7526)
        || (a == 100 && b & 0xC0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && b & 0xFE == 18)
        || (a == 192 && b == 88 && c == 99);
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let inner = |g: u16, h: u16| {
        let ([a, b], [c, d]) = (g.to_be_bytes(), h.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b, c, d, e, f) {
        // an IPv4 address in other clothes: mapped, NAT64, 6to4
        (0, 0, 0, 0, 0, 0xFFFF) | (0x64, 0xFF9B, 0, 0, 0, 0) => inner(g, h),
        (0x2002, ..) => inner(b, c),
        // Teredo, documentation, and what else of 2001::/23 is for protocols
        (0x2001, second, ..) => second >= 0x200 && second != 0xDB8,
        // unicast of the internet (RFC 4291, 2.4) and nothing else
        _ => a & 0xE000 == 0x2000 && a != 0x3FFF,
    }
}

/// Certificates that are believed.
pub(crate) struct Tls(Result<TlsConnector, String>);

impl Tls {
    /// Those of the system, and of the authority that the configuration names. What is wrong with them is told when somebody
    /// is called, and in the log.
    pub(crate) fn open(set: &Webhooks) -> Self {
        let opened = connector(set);
        if let Err(why) = &opened {
            log::line("webhook", &[("fault", why)]);
        }
        Self(opened)
    }

    /// Sees that who answers is who was called.
    pub(crate) async fn shake_hands(
        &self,
        callee: &Callee,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, String> {
        let connector = self.0.as_ref().map_err(Clone::clone)?;
        let name = ServerName::try_from(callee.name.clone()).map_err(|e| format!("{}: {e}", callee.name))?;
        connector.connect(name, stream).await.map_err(|e| format!("{}: {e}", callee.name))
    }
}

fn connector(set: &Webhooks) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if !set.authority.as_os_str().is_empty() {
        let shown = set.authority.display();
        let wrong = |e: &dyn std::fmt::Display| format!("webhooks.authority, {shown}: {e}");
        let all = CertificateDer::pem_file_iter(&set.authority).map_err(|e| wrong(&e))?;
        let before = roots.len();
        for one in all {
            roots.add(one.map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
        }
        if roots.len() == before {
            return Err(wrong(&"holds no certificate"));
        }
    }
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(public: bool, url: &str) -> Outcome<Callee> {
        let hosts = vec!["hooks.lan:8090".into(), "10.0.0.7".into(), "[::1]:81".into()];
        Callee::read(&Webhooks { hosts, public, ..Webhooks::default() }, url)
    }

    #[test]
    fn only_who_is_named_is_called_and_the_rest_of_the_world_where_that_is_set() {
        for url in
            ["http://hooks.lan:8090/a?b=1", "https://HOOKS.lan:8090/", "http://10.0.0.7", "http://[::1]:81/x"]
        {
            assert!(read(false, url).is_ok(), "{url}");
        }
        let hook = read(false, "http://hooks.lan:8090/a?b=1").expect("named");
        assert_eq!((hook.path.as_str(), hook.port, hook.tls), ("/a?b=1", 8090, false));
        assert!(read(true, "https://hooks.example/x").is_ok());
        for url in [
            "http://hooks.example/",
            "http://hooks.lan/",
            "https://10.0.0.8/",
            "https://127.0.0.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://user@hooks.example/",
            "http://hooks.lan:8090@evil.example/",
            "ftp://hooks.lan:8090/",
            "hooks.lan:8090",
            "//hooks.lan:8090/",
            "",
        ] {
            assert!(read(true, url).is_err(), "{url}");
        }
        assert!(read(false, "https://hooks.example/x").is_err(), "public hosts are not set");
    }

    #[test]
    fn addresses_of_no_public_network_are_known() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
            "::10.0.0.1",
        ] {
            assert!(!is_public(ip.parse().expect("an address")), "{ip}");
        }
        for ip in
            ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8", "2001:4860:4860::8888"]
        {
            assert!(is_public(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_called() {
        let callee = read(true, "https://localhost:1/").expect("a name");
        assert_eq!(callee.connect().await.map(|_| ()), Err(PRIVATE.to_owned()));
    }
}
