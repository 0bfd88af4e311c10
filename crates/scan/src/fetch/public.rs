//! Which addresses are public: those that the special-purpose registries do not name.
//!
//! After IANA's IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190), of which all
//! blocks are refused, those of relays and translators too, and IANA's registries of multicast
//! addresses. Addresses that carry an IPv4 address are judged by it as well.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of IPv4 addresses: its first address, the length of its prefix, what it is for.
type Block4 = ([u8; 4], u8, &'static str);

/// IANA IPv4 Special-Purpose Address Registry, multicast (RFC 5771) and broadcast.
const BLOCKS_4: [Block4; 18] = [
    ([0, 0, 0, 0], 8, "this network (RFC 791)"),
    ([10, 0, 0, 0], 8, "private (RFC 1918)"),
    ([100, 64, 0, 0], 10, "shared by a provider (RFC 6598)"),
    ([127, 0, 0, 0], 8, "this machine (RFC 1122)"),
    ([169, 254, 0, 0], 16, "of one link (RFC 3927)"),
    ([172, 16, 0, 0], 12, "private (RFC 1918)"),
    ([192, 0, 0, 0], 24, "for protocols (RFC 6890)"),
    ([192, 0, 2, 0], 24, "for documentation (RFC 5737)"),
    ([192, 31, 196, 0], 24, "of AS112 (RFC 7535)"),
    ([192, 52, 193, 0], 24, "of AMT (RFC 7450)"),
    ([192, 88, 99, 0], 24, "of 6to4 relays (RFC 7526)"),
    ([192, 168, 0, 0], 16, "private (RFC 1918)"),
    ([192, 175, 48, 0], 24, "of AS112 (RFC 7534)"),
    ([198, 18, 0, 0], 15, "for benchmarks (RFC 2544)"),
    ([198, 51, 100, 0], 24, "for documentation (RFC 5737)"),
    ([203, 0, 113, 0], 24, "for documentation (RFC 5737)"),
    ([224, 0, 0, 0], 4, "multicast (RFC 5771)"),
    ([240, 0, 0, 0], 4, "reserved (RFC 1112)"),
];

/// The same of IPv6.
type Block6 = ([u16; 8], u8, &'static str);

/// IANA IPv6 Special-Purpose Address Registry, site-local (RFC 3879) and multicast (RFC 4291).
const BLOCKS_6: [Block6; 18] = [
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, "no address (RFC 4291)"),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, "this machine (RFC 4291)"),
    (
        [0, 0, 0, 0, 0, 0, 0, 0],
        96,
        "of IPv4 in an old form (RFC 4291)",
    ),
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "of IPv4 (RFC 4291)"),
    (
        [0, 0, 0, 0, 0xffff, 0, 0, 0],
        96,
        "of IPv4 translated (RFC 2765)",
    ),
    (
        [0x64, 0xff9b, 0, 0, 0, 0, 0, 0],
        96,
        "of IPv4 translated (RFC 6052)",
    ),
    (
        [0x64, 0xff9b, 1, 0, 0, 0, 0, 0],
        48,
        "of IPv4 translated (RFC 8215)",
    ),
    (
        [0x100, 0, 0, 0, 0, 0, 0, 0],
        64,
        "for discarding (RFC 6666)",
    ),
    ([0x100, 0, 0, 1, 0, 0, 0, 0], 64, "a dummy (RFC 9780)"),
    // Teredo (RFC 4380), benchmarks, ORCHID and others are below it.
    (
        [0x2001, 0, 0, 0, 0, 0, 0, 0],
        23,
        "for protocols (RFC 2928)",
    ),
    (
        [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0],
        32,
        "for documentation (RFC 3849)",
    ),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "of 6to4 (RFC 3056)"),
    (
        [0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0],
        48,
        "of AS112 (RFC 7534)",
    ),
    (
        [0x3fff, 0, 0, 0, 0, 0, 0, 0],
        20,
        "for documentation (RFC 9637)",
    ),
    (
        [0x5f00, 0, 0, 0, 0, 0, 0, 0],
        16,
        "of segment routing (RFC 9602)",
    ),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "private (RFC 4193)"),
    (
        [0xfe80, 0, 0, 0, 0, 0, 0, 0],
        9,
        "of one link or site (RFC 4291)",
    ),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast (RFC 4291)"),
];

/// What an address is for that is not public; nothing for public ones.
pub(super) fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_4(address),
        IpAddr::V6(address) => special_6(address),
    }
}

fn special_4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = u32::from(address);
    let found = BLOCKS_4.iter().find(|(first, length, _)| {
        let shift = 32 - u32::from(*length);
        bits >> shift == u32::from_be_bytes(*first) >> shift
    });
    found.map(|(_, _, what)| *what)
}

fn special_6(address: Ipv6Addr) -> Option<&'static str> {
    let bits = u128::from(address);
    // What stands for an IPv4 address of the web is a detour to it: a server has its own.
    let found = BLOCKS_6.iter().find(|(first, length, _)| {
        let shift = 128 - u32::from(*length);
        let first = u128::from(Ipv6Addr::from(*first));
        bits >> shift == first >> shift
    });
    if let Some((_, _, what)) = found {
        return Some(what);
    }
    // 2000::/3 is all that was handed out (RFC 4291, section 2.4; IANA IPv6 Global Unicast).
    (bits >> 125 != 0b001).then_some("not handed out (RFC 4291)")
}

#[cfg(test)]
mod tests;
