//! What is sold: price and cost of a kind of goods are the same in every record, as in the sample.

pub struct Item {
    pub name: &'static str,
    /// Cents a unit.
    pub price: u64,
    /// Cents a unit.
    pub cost: u64,
}

const fn item(name: &'static str, price: u64, cost: u64) -> Item {
    Item { name, price, cost }
}

pub const ITEMS: &[Item] = &[
    item("Baby Food", 25_528, 15_942),
    item("Beverages", 4_745, 3_179),
    item("Cereal", 20_570, 11_711),
    item("Clothes", 10_928, 3_584),
    item("Cosmetics", 43_720, 26_333),
    item("Fruits", 933, 692),
    item("Household", 66_827, 50_254),
    item("Meat", 42_189, 36_469),
    item("Office Supplies", 65_121, 52_496),
    item("Personal Care", 8_173, 5_667),
    item("Snacks", 15_258, 9_744),
    item("Vegetables", 15_406, 9_093),
];
