//! Plain words that names of teams and of their managers are made of; no person is meant.

pub const QUALITIES: &[&str] = &[
    "Amiable",
    "Brave",
    "Calm",
    "Daring",
    "Eager",
    "Fearless",
    "Gentle",
    "Honest",
    "Jolly",
    "Keen",
    "Lively",
    "Mighty",
    "Nimble",
    "Patient",
    "Quiet",
    "Rapid",
    "Steady",
    "Thoughtful",
    "Upbeat",
    "Wise",
];

pub const ANIMALS: &[&str] = &[
    "Antelopes",
    "Badgers",
    "Cranes",
    "Dolphins",
    "Eagles",
    "Falcons",
    "Geckos",
    "Herons",
    "Ibises",
    "Jackals",
    "Kestrels",
    "Lemurs",
    "Magpies",
    "Newts",
    "Otters",
    "Pelicans",
    "Quails",
    "Ravens",
    "Salamanders",
    "Tortoises",
    "Urchins",
    "Voles",
    "Walruses",
    "Yaks",
    "Zebras",
];

pub const COLOURS: &[&str] = &[
    "Amber", "Azure", "Beige", "Bronze", "Copper", "Coral", "Crimson", "Ebony", "Golden", "Indigo",
    "Ivory", "Jade", "Lilac", "Maroon", "Ochre", "Pearl", "Russet", "Scarlet", "Silver", "Teal",
];

pub const TREES: &[&str] = &[
    "Acacia", "Alder", "Aspen", "Banyan", "Beech", "Birch", "Cedar", "Chestnut", "Cypress",
    "Elder", "Elm", "Hawthorn", "Hazel", "Juniper", "Larch", "Linden", "Maple", "Mulberry",
    "Poplar", "Sequoia", "Spruce", "Sycamore", "Tamarind", "Walnut", "Willow",
];
