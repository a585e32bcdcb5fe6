//! What S3 holds, against the plan and against what the client believes. Pure.

use std::collections::BTreeMap;

use restow_api::reupload::CompletedPart;

use crate::error::{PartProblem, PartsMismatch};
use crate::plan::Plan;
use crate::storage::ListedPart;

/// The entity tag of each part to put together, by number, or all problems.
///
/// What S3 lists is authoritative. An empty list of `named` parts means all parts that S3 lists; otherwise it has to
/// name each part, in any order, and may repeat parts. Of several copies of a part, the one that the client named is
/// taken, else the newest.
pub fn reconcile(
    plan: &Plan,
    listed: &[ListedPart],
    named: &[CompletedPart],
) -> Result<Vec<(u32, String)>, PartsMismatch> {
    let mut mismatch = PartsMismatch::default();
    let mut chosen = Vec::with_capacity(plan.part_count() as usize);
    let copies = by_number(listed, |part| part.part_number);
    let by_client = by_number(named, |part| part.part_number.0);
    for number in 1..=plan.part_count() {
        match choose(
            plan,
            number,
            copies.get(&number),
            by_client.get(&number),
            named.is_empty(),
        ) {
            Ok(part) => chosen.push((number, part.etag.clone())),
            Err(problem) => mismatch.add(number, problem),
        }
    }
    for number in by_client
        .keys()
        .filter(|number| plan.part_length(**number).is_none())
    {
        mismatch.add(*number, PartProblem::NotPlanned);
    }
    if mismatch.is_empty() {
        Ok(chosen)
    } else {
        Err(mismatch)
    }
}

/// The entity tag of each part, by number, where the client has named each part of the plan once: S3 can then be asked to put
/// them together without listing them first, since it compares the tags itself, and the lengths are signed.
pub fn named_whole(plan: &Plan, named: &[CompletedPart]) -> Option<Vec<(u32, String)>> {
    if named.len() != plan.part_count() as usize {
        return None;
    }
    let mut parts: Vec<(u32, String)> = named
        .iter()
        .map(|part| (part.part_number.0, unquoted(&part.etag)))
        .filter(|(_, etag)| !is_hidden(etag))
        .map(|(number, etag)| (number, etag.to_string()))
        .collect();
    parts.sort_unstable();
    let are_all = parts
        .iter()
        .map(|(number, _)| *number)
        .eq(1..=plan.part_count());
    are_all.then_some(parts)
}

fn by_number<T>(items: &[T], number: impl Fn(&T) -> u32) -> BTreeMap<u32, Vec<&T>> {
    let mut grouped: BTreeMap<u32, Vec<&T>> = BTreeMap::new();
    for item in items {
        grouped.entry(number(item)).or_default().push(item);
    }
    grouped
}

fn choose<'a>(
    plan: &Plan,
    number: u32,
    copies: Option<&Vec<&'a ListedPart>>,
    names: Option<&Vec<&'a CompletedPart>>,
    all_unnamed: bool,
) -> Result<&'a ListedPart, PartProblem<'a>> {
    let copies = copies.map_or(&[][..], Vec::as_slice);
    let newest = copies
        .iter()
        .max_by_key(|copy| copy.last_modified)
        .ok_or(PartProblem::Missing)?;
    let wanted: Vec<_> = names
        .into_iter()
        .flatten()
        .map(|name| unquoted(&name.etag))
        .collect();
    if wanted.is_empty() && !all_unnamed {
        return Err(PartProblem::NotNamed);
    }
    let known: Vec<_> = wanted.into_iter().filter(|etag| !is_hidden(etag)).collect();
    let part = match known.last() {
        None => newest,
        Some(&expected) => copies
            .iter()
            .filter(|copy| {
                known
                    .iter()
                    .any(|etag| etag.eq_ignore_ascii_case(&copy.etag))
            })
            .max_by_key(|copy| copy.last_modified)
            .ok_or(PartProblem::Etag {
                expected,
                found: &newest.etag,
            })?,
    };
    match plan.part_length(number) {
        Some(expected) if expected != part.size => Err(PartProblem::Size {
            expected,
            found: part.size,
        }),
        _ => Ok(part),
    }
}

fn unquoted(etag: &str) -> &str {
    etag.trim().trim_start_matches("W/").trim_matches('"')
}

/// Whether an entity tag says only that the client was not shown any: CORS hides it from browsers.
fn is_hidden(etag: &str) -> bool {
    matches!(etag, "" | "undefined" | "null")
}

/// The mismatch of an upload of which S3 holds nothing.
pub fn all_missing(plan: &Plan) -> PartsMismatch {
    let mut mismatch = PartsMismatch::default();
    (1..=plan.part_count()).for_each(|number| mismatch.add(number, PartProblem::Missing));
    mismatch
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use restow_api::part::PartNumber;
    use serde_json::{Value, json};

    use super::*;

    fn listed(part_number: u32, size: u64, etag: &str, second: i64) -> ListedPart {
        let last_modified = DateTime::from_timestamp(second, 0);
        ListedPart {
            part_number,
            size,
            etag: etag.to_string(),
            last_modified,
        }
    }

    fn named(part_number: u32, etag: &str) -> CompletedPart {
        CompletedPart {
            etag: etag.to_string(),
            part_number: PartNumber(part_number),
        }
    }

    fn plan() -> Plan {
        Plan::stored(25, 10)
    }

    fn whole() -> Vec<ListedPart> {
        vec![
            listed(1, 10, "aa", 1),
            listed(2, 10, "bb", 2),
            listed(3, 5, "cc", 3),
        ]
    }

    fn etags(chosen: Vec<(u32, String)>) -> Vec<String> {
        chosen.into_iter().map(|(_, etag)| etag).collect()
    }

    fn problems(listed: &[ListedPart], named: &[CompletedPart]) -> Value {
        json!(reconcile(&plan(), listed, named).unwrap_err().listed())
    }

    #[test]
    fn empty_list_selects_all_listed_parts() {
        assert_eq!(
            etags(reconcile(&plan(), &whole(), &[]).unwrap()),
            ["aa", "bb", "cc"]
        );
    }

    #[test]
    fn order_duplicates_quotes_and_case_are_ignored() {
        let sloppy = [
            named(3, "\"CC\""),
            named(1, "undefined"),
            named(2, "W/\"bb\""),
            named(2, "bb"),
            named(1, ""),
        ];
        assert_eq!(
            etags(reconcile(&plan(), &whole(), &sloppy).unwrap()),
            ["aa", "bb", "cc"]
        );
    }

    #[test]
    fn all_problems_are_reported_together() {
        let held = [listed(1, 9, "aa", 1), listed(2, 10, "bb", 2)];
        assert_eq!(
            problems(
                &held,
                &[
                    named(1, "aa"),
                    named(2, "xx"),
                    named(3, "cc"),
                    named(4, "dd")
                ]
            ),
            json!([
                { "part_number": 1, "problem": "size", "expected": 10, "found": 9 },
                { "part_number": 2, "problem": "etag", "expected": "xx", "found": "bb" },
                { "part_number": 3, "problem": "missing" },
                { "part_number": 4, "problem": "not_planned" },
            ])
        );
    }

    #[test]
    fn part_left_out_is_not_named() {
        assert_eq!(
            problems(&whole(), &[named(1, "aa"), named(3, "cc")]),
            json!([{ "part_number": 2, "problem": "not_named" }])
        );
    }

    #[test]
    fn named_copy_wins_over_newest() {
        let mut held = whole();
        held.extend([listed(2, 10, "b2", 9), listed(2, 10, "b3", 5)]);
        assert_eq!(
            etags(reconcile(&plan(), &held, &[]).unwrap()),
            ["aa", "b2", "cc"]
        );
        let named = [named(1, "aa"), named(2, "b3"), named(3, "cc")];
        assert_eq!(
            etags(reconcile(&plan(), &held, &named).unwrap()),
            ["aa", "b3", "cc"]
        );
    }

    #[test]
    fn only_complete_lists_need_no_listing() {
        let whole = |named: &[CompletedPart]| named_whole(&plan(), named).map(etags);
        let all = [named(3, "\"cc\""), named(1, "aa"), named(2, "W/\"bb\"")];
        assert_eq!(whole(&all).unwrap(), ["aa", "bb", "cc"]);
        assert_eq!(whole(&[]), None);
        assert_eq!(whole(&all[..2]), None);
        for wrong in [named(1, "bb"), named(4, "dd"), named(2, "undefined")] {
            assert_eq!(whole(&[named(3, "cc"), wrong, named(1, "aa")]), None);
        }
    }

    #[test]
    fn refusal_lists_at_most_100_parts() {
        let refused = reconcile(&Plan::stored(25_000, 10), &[], &[]).unwrap_err();
        assert_eq!((refused.listed().len(), refused.total()), (100, 2_500));
    }
}
