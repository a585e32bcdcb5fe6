//! The order in which databases are measured.

/// The numbers of so many databases in the order in which they are measured in a round: another one begins in the next.
pub fn turns(databases: usize, round: u32) -> impl Iterator<Item = usize> {
    (0..databases).map(move |turn| (turn + round as usize) % databases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_begins_in_turn() {
        let orders: Vec<Vec<usize>> = (3..6).map(|round| turns(3, round).collect()).collect();
        assert_eq!(orders, [[0, 1, 2], [1, 2, 0], [2, 0, 1]]);
    }
}
