//! Product tokens of crawlers that fetch for models and datasets, and for which uses.
//!
//! After what their operators publish about them. A name that is not in the list fetches for other
//! purposes, or nobody said for which; what robots.txt says to it is no statement about the uses
//! here.

use crate::{Use, UseSet};

/// A crawler that somebody may name in robots.txt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Agent {
    /// Its product token in small letters.
    pub(super) name: &'static str,
    /// What it fetches for.
    purpose: Purpose,
}

/// What a crawler fetches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Datasets for whoever uses them: text and data mining in general.
    Dataset,
    /// Training of its operator's models.
    Training,
    /// Training and answers alike.
    Both,
    /// Answers of models, when somebody asks.
    Answers,
    /// Search.
    Search,
}

const fn agent(name: &'static str, purpose: Purpose) -> Agent {
    Agent { name, purpose }
}

/// Sorted by name.
const AGENTS: [Agent; 63] = [
    agent("ai2bot", Purpose::Training),
    agent("ai2bot-dolma", Purpose::Dataset),
    agent("aihitbot", Purpose::Dataset),
    agent("amazonbot", Purpose::Both),
    agent("andibot", Purpose::Answers),
    agent("anthropic-ai", Purpose::Training),
    agent("applebot-extended", Purpose::Training),
    agent("bedrockbot", Purpose::Both),
    agent("bingbot", Purpose::Search),
    agent("brightbot", Purpose::Dataset),
    agent("bytespider", Purpose::Training),
    agent("ccbot", Purpose::Dataset),
    agent("chatgpt-user", Purpose::Answers),
    agent("claude-searchbot", Purpose::Answers),
    agent("claude-user", Purpose::Answers),
    agent("claude-web", Purpose::Both),
    agent("claudebot", Purpose::Training),
    agent("cohere-ai", Purpose::Both),
    agent("cohere-training-data-crawler", Purpose::Training),
    agent("cotoyogi", Purpose::Training),
    agent("crawlspace", Purpose::Dataset),
    agent("deepseekbot", Purpose::Training),
    agent("diffbot", Purpose::Dataset),
    agent("duckassistbot", Purpose::Answers),
    agent("facebookbot", Purpose::Training),
    agent("factset_spyderbot", Purpose::Dataset),
    agent("firecrawlagent", Purpose::Dataset),
    agent("google-cloudvertexbot", Purpose::Answers),
    agent("google-extended", Purpose::Both),
    agent("googlebot", Purpose::Search),
    agent("googleother", Purpose::Training),
    agent("googleother-image", Purpose::Training),
    agent("googleother-video", Purpose::Training),
    agent("gptbot", Purpose::Training),
    agent("icc-crawler", Purpose::Training),
    agent("imagesiftbot", Purpose::Dataset),
    agent("img2dataset", Purpose::Dataset),
    agent("isscyberriskcrawler", Purpose::Training),
    agent("kangaroo bot", Purpose::Training),
    agent("laiondownloader", Purpose::Dataset),
    agent("meta-externalagent", Purpose::Training),
    agent("meta-externalfetcher", Purpose::Answers),
    agent("mistralai-user", Purpose::Answers),
    agent("oai-searchbot", Purpose::Answers),
    agent("omgili", Purpose::Dataset),
    agent("omgilibot", Purpose::Dataset),
    agent("pangubot", Purpose::Training),
    agent("perplexity-user", Purpose::Answers),
    agent("perplexitybot", Purpose::Answers),
    agent("petalbot", Purpose::Both),
    agent("quillbot", Purpose::Training),
    agent("sbintuitionsbot", Purpose::Training),
    agent("semrushbot-ocob", Purpose::Training),
    agent("sidetrade indexer bot", Purpose::Training),
    agent("spawning-ai", Purpose::Dataset),
    agent("tiktokspider", Purpose::Training),
    agent("timpibot", Purpose::Dataset),
    agent("velenpublicwebcrawler", Purpose::Dataset),
    agent("webzio-extended", Purpose::Dataset),
    agent("xai-crawler", Purpose::Training),
    agent("yandexadditional", Purpose::Training),
    agent("yandexadditionalbot", Purpose::Training),
    agent("youbot", Purpose::Answers),
];

impl Agent {
    /// The uses that it fetches for.
    pub(super) fn uses(&self) -> UseSet {
        let training = [Use::Train, Use::TrainGenerative].into_iter().collect();
        match self.purpose {
            Purpose::Dataset => UseSet::TEXT_AND_DATA_MINING,
            Purpose::Training => training,
            Purpose::Both => training.union(Use::AiInput.into()),
            Purpose::Answers => Use::AiInput.into(),
            Purpose::Search => Use::Search.into(),
        }
    }
}

/// The crawler of a product token in small letters.
pub(super) fn find(name: &str) -> Option<&'static Agent> {
    let found = AGENTS.binary_search_by(|agent| agent.name.cmp(name));
    found.ok().and_then(|place| AGENTS.get(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_found() {
        assert!(AGENTS.is_sorted_by(|a, b| a.name < b.name));
        for agent in &AGENTS {
            assert_eq!(find(agent.name), Some(agent));
            assert!(!agent.uses().is_empty());
        }
        assert_eq!(find("mozilla"), None);
    }
}
