//! The floor under any simulator: only the random numbers of the same work, drawn one after the other.

use std::hint::black_box;

use peers::{Workload, exponential, uniform};

/// Services, and retries or choices of servers, that a workload of full size needs, to three digits, as the other programs count them.
fn services_and_uniforms(workload: &str) -> (f64, f64) {
    match workload {
        "w1" => (10.0e6, 0.0),
        // Two uniform draws for each customer.
        "w4" => (10.0e6, 20.0e6),
        "w2" => (4.83e6, 15.98e6),
        _ => (4.87e6, 15.98e6),
    }
}

fn main() -> Result<(), String> {
    let (workload, mut random) = Workload::from_arguments()?;
    let (services, uniforms) = services_and_uniforms(&workload.name);
    let services = (services * workload.size) as u64;
    let uniforms = (uniforms * workload.size) as u64;
    let stream = (workload.rate * workload.close) as u64;
    let mut sum = 0.0;
    for _ in 0..stream + services {
        sum += exponential(&mut random);
    }
    // Someone of a crowd comes at the logarithm of a variable that an exponential moves on.
    let mut left = 1.0;
    for _ in 0..workload.crowd {
        left += exponential(&mut random);
        sum += f64::ln(left);
    }
    for _ in 0..uniforms {
        sum += uniform(&mut random);
    }
    black_box(sum);
    let draws = stream + services + workload.crowd + uniforms;
    println!("{}", serde_json::json!({ "workload": workload.name, "size": workload.size, "draws": draws }));
    Ok(())
}
