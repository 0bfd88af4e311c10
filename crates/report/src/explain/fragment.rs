//! An explanation as a piece of HTML, to be put into another page.

use super::Explanation;
use crate::card::{kind, strength_in_words};
use crate::drawing::escape;
use crate::passage::Run;
use crate::words::line;

impl Explanation {
    /// An `article` element without scripts and styles of its own, all of it escaped.
    pub fn html(&self) -> String {
        let finding = &self.finding;
        let mut html = format!(
            "<article class=\"clearance-finding\" id=\"{}\">\n<h3><bdi>{}</bdi></h3>\n<dl>\n",
            escape(&line(&finding.finding_id)),
            escape(&self.title())
        );
        let mut pair = |name: &str, value: &str| {
            if !value.is_empty() {
                let value = escape(value);
                html.extend([format!("<dt>{name}</dt><dd><bdi>{value}</bdi></dd>\n")]);
            }
        };
        pair("Finding", &line(&finding.finding_id));
        pair(
            "Kind",
            &format!("{}, {}", kind(finding), finding.media.as_str()),
        );
        pair("Work", &line(&finding.work_id));
        pair("Creators", &line(&self.work.creators.join(", ")));
        pair(
            "Rightsholder",
            &line(self.work.rightsholder.as_deref().unwrap_or_default()),
        );
        pair("Place", &self.place());
        pair("Evidence", &strength_in_words(finding));
        pair("Score", &format!("{:.3} of 1", finding.score));
        pair("Counts", &self.card.facts.join("; "));
        pair(
            "Verdict",
            &format!("{}: {}", finding.verdict, self.card.reason),
        );
        for (kind, id, words) in self.record.iter().flat_map(|record| &record.records) {
            pair(kind, &format!("{id}: {words}"));
        }
        html.push_str("</dl>\n");
        if let Some(missing) = self.missing() {
            html.extend([format!("<p>{}</p>\n", escape(&missing))]);
        }
        for drawing in self.drawings() {
            html.extend([format!(
                "<figure>{}<figcaption>{}</figcaption></figure>\n",
                drawing.to_svg(|side| self.jpeg(side)),
                escape(&drawing.caption)
            )]);
        }
        if let Some(passages) = self.shown.as_ref().and_then(|s| s.passages.as_ref()) {
            for (name, runs) in [("item", &passages.item), ("work", &passages.work)] {
                if !runs.is_empty() {
                    html.extend([format!(
                        "<figure><figcaption>In the {name}</figcaption>\
                         <blockquote dir=\"auto\">{}</blockquote></figure>\n",
                        marked(runs)
                    )]);
                }
            }
        }
        html.push_str("</article>\n");
        html
    }
}

fn marked(runs: &[Run]) -> String {
    let mark = |Run(same, words): &Run| match same {
        true => escape(words),
        false => format!("<mark>{}</mark>", escape(words)),
    };
    runs.iter().map(mark).collect()
}
