//! Checks of regions, their links and routes, and of delivery.

use jiff::tz::TimeZone;

use crate::document::diagnostics::{quoted, suggest};
use crate::document::findings::{Findings, Names};
use crate::document::unions::{Mix, StringOr};
use crate::scenario::spec::{Delivery, Region, Spec};
use crate::units::Bitrate;
use crate::vocabulary::{TILES, Tile};

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    for (name, region) in &spec.region {
        let path = format!("region.{name}");
        out.key_name(&path, name, Names::OfRows);
        check_region(&path, region, spec, out);
        if region.distance.loses() {
            loss(&path, name, spec, out);
        }
        if let Some(delivery) = &region.delivery {
            check_delivery(&format!("{path}.delivery"), delivery, out);
        }
    }
    if let Some(delivery) = &spec.delivery {
        check_delivery("delivery", delivery, out);
    }
    for region in spec.reports.usual.keys().filter(|region| !spec.region.contains_key(*region)) {
        out.unknown_key(&format!("reports.usual.{region}"), "region", region, spec.region.keys());
    }
}

/// Checks the time zone, the link and the routes of a region.
fn check_region(path: &str, region: &Region, spec: &Spec, out: &mut Findings<'_>) {
    if let Some(zone) = region.time_zone.as_ref().filter(|zone| TimeZone::get(zone).is_err()) {
        let known = jiff::tz::db().available().map(|name| name.to_string()).collect::<Vec<_>>();
        let mut help = suggest(zone, known.iter().map(String::as_str));
        if !help.starts_with("did") {
            help = "names are those of the IANA database, for example \"Europe/Paris\"".to_owned();
        }
        let title = format!("there is no time zone {}", quoted(zone));
        out.value(&format!("{path}.time_zone"), title, "no such time zone", help);
    }
    if region.link.as_ref().is_some_and(|link| link.capacity == Bitrate(0)) {
        let help = "leave the link out if it has no limit; write \"1 bps\" for a link that is down";
        out.value(&format!("{path}.link.capacity"), "the link carries nothing", "not above zero", help);
    }
    for code in region.map.split_whitespace().filter(|code| Tile::of(code).is_none()) {
        let known = suggest(code, TILES.iter().map(|tile| tile.code));
        let help = if code == "UK" { "the code of the United Kingdom is \"GB\"".to_owned() } else { known };
        let title = format!("the map of Europe has no country {}", quoted(code));
        out.value(&format!("{path}.map"), title, "no such code", help);
    }
    let tiers = super::journeys::tiers(spec);
    for (tier, pools) in &region.route {
        let path = format!("{path}.route.{tier}");
        if !tiers.contains(tier) {
            let help = suggest(tier, tiers.iter().map(String::as_str));
            out.key(&path, format!("no journey asks for {}", quoted(tier)), "nothing takes this route", help);
        }
        for pool in pools.keys().filter(|pool| !spec.pool.contains_key(*pool)) {
            out.unknown_key(&format!("{path}.{pool}"), "pool", pool, spec.pool.keys());
        }
        out.whole(&path, pools.values());
    }
}

/// Reports clients in a region that would wait without end for an attempt that is lost.
fn loss(path: &str, region: &str, spec: &Spec, out: &mut Findings<'_>) {
    for (audience, people) in spec.audience.iter().filter(|(_, people)| people.has_people_in(region, &spec.region)) {
        let waits = |name: &str| spec.client.get(name).is_some_and(|client| client.timeout.span().is_none());
        let label = match &people.client {
            None => format!("audience {} has no client, so nobody would notice a loss", quoted(audience)),
            Some(mix) => match mix_names(mix).find(|name| waits(name)) {
                Some(name) => format!("client {} would wait for a lost attempt for ever", quoted(name)),
                None => continue,
            },
        };
        let help = "give the client a `timeout`: only its timer notices that an attempt is lost";
        return out.value(&format!("{path}.loss"), "attempts are lost here and a client has no timer", label, help);
    }
}

/// The names of the clients in a mix.
fn mix_names(mix: &Mix) -> impl Iterator<Item = &str> {
    let (one, several) = match mix {
        StringOr::String(name) => (Some(name.as_str()), None),
        StringOr::Table(shares) => (None, Some(shares.keys().map(String::as_str))),
    };
    one.into_iter().chain(several.into_iter().flatten())
}

/// Checks the ladder, the cap and the devices of a delivery.
fn check_delivery(path: &str, delivery: &Delivery, out: &mut Findings<'_>) {
    if delivery.ladder.first() == Some(&Bitrate(0)) {
        out.value(&format!("{path}.ladder.0"), "a rung carries no bits", "not above zero", "leave the rung out");
    }
    for (index, pair) in delivery.ladder.windows(2).enumerate() {
        if let [lower, upper] = pair
            && upper <= lower
        {
            let label = format!("not above {lower}");
            let help = "write the rungs in ascending order, each once";
            out.value(&format!("{path}.ladder.{}", index + 1), "the ladder does not ascend", label, help);
        }
    }
    if delivery.cap == Some(Bitrate(0)) {
        out.value(&format!("{path}.cap"), "the cap lets nothing through", "not above zero", "leave it out for no cap");
    }
    for (name, device) in &delivery.devices {
        let path = format!("{path}.devices.{name}");
        out.key_name(&path, name, Names::OfTables);
        if device.peak == Bitrate(0) {
            out.value(
                &format!("{path}.peak"),
                "the device plays nothing",
                "not above zero",
                "write the highest bit rate that it plays",
            );
        }
    }
    if !delivery.devices.is_empty() {
        out.whole(&format!("{path}.devices"), delivery.devices.values().map(|device| &device.share));
    }
}
