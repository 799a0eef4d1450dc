use domain::declaration::{self, Declaration, Problem};
use domain::quota::Quotas;
use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

use super::put::{Evolution, NewVersion, Put, put};
use crate::Error;

/// Declares a dataset of this name, or makes this the current version of the one that the owner has.
///
/// # Errors
/// The server or the connection is at fault, or another version of the code has stored something
/// that this one does not know.
pub async fn declare(
    client: &mut Client,
    owner: Uuid,
    name: &str,
    declaration: &Declaration,
    stack_at_most: i64,
    quotas: Quotas,
) -> Result<Put<Problem>, Error> {
    let fields = declaration.fields.iter();
    let new = NewVersion {
        owner,
        name: name.to_owned(),
        document: declaration.to_json(),
        types: fields.map(|it| it.kind.sql().code()).collect(),
        sorted_by: declaration.sorted_by,
        sums: declaration.sums.clone(),
        stack_at_most,
        quotas,
    };
    put(client, &new, |stored| evolution(stored, declaration)).await
}

/// What the new declaration is to the stored one.
fn evolution(stored: &Value, new: &Declaration) -> Result<Evolution<Problem>, Error> {
    let stored = Declaration::stored(stored)
        .map_err(|_| Error::Stored("a stored declaration is not known any more".to_owned()))?;
    Ok(match declaration::evolve(&stored, new) {
        declaration::Evolution::Same => Evolution::Same,
        declaration::Evolution::Compatible { .. } => {
            let fields = new.fields.iter();
            let was = fields.map(|it| stored.position(&it.name)).collect();
            Evolution::Compatible { was }
        }
        declaration::Evolution::Incompatible(problems) => Evolution::Incompatible(problems),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Fields keep their columns wherever they stand in the new document.
    #[test]
    fn fields_are_found_by_their_names() {
        let field = |name: &str| json!({"name": name, "type": "string"});
        let document = |names: &[&str]| {
            let fields: Vec<Value> = names.iter().map(|it| field(it)).collect();
            json!({ "fields": fields })
        };
        let evolved = |names: &[&str]| {
            let new = Declaration::parse(&document(names)).unwrap();
            evolution(&document(&["a", "b"]), &new).unwrap()
        };
        assert_eq!(evolved(&["a", "b"]), Evolution::Same);
        let was = vec![Some(1), None, Some(0)];
        assert_eq!(evolved(&["b", "c", "a"]), Evolution::Compatible { was });
        assert!(matches!(evolved(&["a"]), Evolution::Incompatible(_)));
    }
}
