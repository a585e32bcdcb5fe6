//! Options that say what a commit accepts.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::shell_word::option_words;
use restow_sdk::generated::types::{Acceptance, ChangeKind};

/// Options that say what a commit accepts.
#[derive(Args, Clone, Debug, Default)]
pub struct AcceptArguments {
    /// Kind of change to accept even if it breaks readers or the policy refuses it, or `uninspected` for a file that
    /// cannot be read; can be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = acceptance_parser())]
    pub accept: Vec<Acceptance>,
    /// Make a new version also if the bytes are those of the current version
    #[arg(long)]
    pub force: bool,
}

impl AcceptArguments {
    /// The options as words of a command line.
    pub fn words(&self) -> Vec<String> {
        let kinds = self.accept.iter();
        let accept = kinds.map(|kind| option_words("--accept", kind.to_string()));
        let force = self.force.then(|| "--force".to_string());
        accept.chain(force).collect()
    }
}

/// Parses what a commit accepts, as the API spells it.
fn acceptance_parser() -> impl TypedValueParser<Value = Acceptance> {
    let kinds = ChangeKind::ALL.map(Acceptance::from);
    let all = kinds.into_iter().chain([Acceptance::Uninspected]);
    let values = all.map(|kind| PossibleValue::new(kind.to_string()));
    PossibleValuesParser::new(values).try_map(|kind| kind.parse::<Acceptance>())
}

/// Parses a kind of change, as the API spells it.
pub fn change_kind_parser() -> impl TypedValueParser<Value = ChangeKind> {
    let values = ChangeKind::ALL.map(|kind| PossibleValue::new(kind.to_string()));
    PossibleValuesParser::new(values).try_map(|kind| kind.parse::<ChangeKind>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        accept: AcceptArguments,
    }

    #[test]
    fn kinds_are_those_of_the_api() {
        let arguments = [
            "x",
            "--accept",
            "rows_lost,type_breaks",
            "--accept",
            "uninspected",
        ];
        let parsed = Command::parse_from(arguments).accept;
        let expected = [
            Acceptance::RowsLost,
            Acceptance::TypeBreaks,
            Acceptance::Uninspected,
        ];
        assert_eq!(parsed.accept, expected);
        let words = "--accept rows_lost --accept type_breaks --accept uninspected";
        assert_eq!(parsed.words().join(" "), words);
        assert!(Command::try_parse_from(["x", "--accept", "everything"]).is_err());
    }
}
