//! The scenario that `dropstorm new` writes: small, complete and commented line by line.

/// The commented scenario to start from. It runs as it is, in about a second.
pub fn starter() -> &'static str {
    include_str!("starter.toml")
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;

    #[test]
    fn the_starter_is_a_scenario_and_reads_back_as_itself() {
        let scenario = Scenario::parse("starter.toml", super::starter()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(scenario.name(), "starter");
        assert_eq!(scenario.timeline().len(), 1);
        let again = Scenario::parse("again.toml", &scenario.resolved()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(scenario.spec(), again.spec());
        assert_eq!(scenario.timeline(), again.timeline());
    }
}
