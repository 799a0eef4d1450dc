//! What rows of a declared dataset add up to: the total of a record, and the sums of many.

use super::Declared;

impl Declared {
    fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|it| it.name == name)
    }

    pub fn has_total(&self) -> bool {
        self.place("total").is_some()
    }

    /// The fields that sums are made of.
    pub fn added(&self) -> Vec<&'static str> {
        match self.has_total() {
            true => vec!["entry", "total"],
            false => vec!["entry"],
        }
    }

    /// SQL: the column of a field.
    pub fn column(&self, name: &str) -> String {
        let at = self.place(name).expect("the dataset has the field");
        format!("c{}", self.fields[at].column)
    }

    /// SQL: the month of the date that rows are sorted by; none if they are by something else.
    pub fn month(&self) -> Option<String> {
        let field = &self.fields[self.sorted_by?];
        let month = format!("to_char(c{}, 'YYYY-MM')", field.column);
        field.is_a_day().then_some(month)
    }

    /// Makes the total of a record the product that it must be. It is not judged where one of the
    /// three has no value, or the file has no column for it. With `off` it is another one. Returns
    /// whether it is judged.
    pub fn add_up(&self, cells: &mut [(String, String)], columns: &[usize], off: bool) -> bool {
        let places = ["entry", "price", "total"].map(|it| self.place(it));
        let [Some(entry), Some(price), Some(total)] = places else {
            return false;
        };
        let judged = [entry, price, total]
            .iter()
            .all(|it| columns.contains(it) && !cells[*it].0.is_empty());
        if !judged {
            return false;
        }
        let count: u64 = cells[entry].0.parse().unwrap();
        let price: u64 = cells[price].0.replace('.', "").parse().unwrap();
        let cents = count * price + if off { 2 } else { 0 };
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        cells[total] = (amount.clone(), amount);
        true
    }
}
