//! Nothing: a sum, or some figures, are zero.

use super::{Case, Decided, agree, at_path};

pub fn decide(case: &Case<'_>) -> Decided {
    if case.claim["column"].is_string() {
        return agree("the sum", 0.0, case.total(&case.scope()?, case.text("column")?, &case.range()?)?);
    }
    let paths = case.claim["paths"].as_array().cloned().unwrap_or_else(|| vec![case.claim["path"].clone()]);
    for path in &paths {
        let path = path.as_str().ok_or("`path` is missing")?;
        let figure = at_path(&case.evidence.summary, path).ok_or_else(|| format!("there is no figure `{path}`"))?;
        agree(path, 0.0, figure)?;
    }
    if paths.is_empty() { Err("nothing is stated to be nothing".to_owned()) } else { Ok(()) }
}
