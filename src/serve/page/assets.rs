//! Scripts and styles: the report's own, and what the service adds.

use crate::report::html;
use crate::serve::fault::{Fault, Outcome};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

const OWN: [(&str, &str); 6] = [
    ("service.css", include_str!("assets/service.css")),
    ("shell.js", include_str!("assets/shell.js")),
    ("people.js", include_str!("assets/people.js")),
    ("progress.js", include_str!("assets/progress.js")),
    ("upload.js", include_str!("assets/upload.js")),
    ("work.js", include_str!("assets/work.js")),
];

/// One of them.
pub(super) async fn one(Path(name): Path<String>) -> Outcome<Response> {
    let found = OWN.iter().chain(html::ASSETS).find(|(n, _)| *n == name);
    let (_, text) = found.ok_or(Fault::NotFound)?;
    let media =
        if name.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
    // asked again each time a page is opened, so that a new version shows at once
    let headers = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, *text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_ask_nothing_of_another_host_and_make_no_markup_of_text() {
        for (name, text) in OWN.iter().chain(html::ASSETS) {
            assert!(!text.contains("http://") && !text.contains("https://"), "{name} links to the network");
            for made in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
                assert!(!text.contains(made), "{name} makes markup or code of text: {made}");
            }
        }
    }
}
