//! The template as JSON, its short forms (`!Ref X`) written out (`{"Ref": "X"}`).

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value, json};

use crate::paths;

pub struct Template(Value);

/// The template as it is written.
pub fn source() -> String {
    read("template.yaml")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(paths::root().join(path)).unwrap()
}

impl Template {
    pub fn load() -> Self {
        Self::at("template.yaml")
    }

    /// Another one than what runs.
    pub fn at(path: &str) -> Self {
        let documents = Yaml::load_from_str(&read(path)).unwrap();
        Self(to_json(&documents[0]))
    }

    /// One of its sections: `Outputs`.
    pub fn section(&self, name: &str) -> &Value {
        &self.0[name]
    }

    /// What stands in `Globals` for all functions.
    pub fn of_all_functions(&self) -> &Value {
        &self.0["Globals"]["Function"]
    }

    pub fn resource(&self, name: &str) -> &Value {
        self.0["Resources"]
            .get(name)
            .unwrap_or_else(|| panic!("no resource {name}"))
    }

    pub fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let resources = self.0["Resources"].as_object().unwrap();
        let of_type = move |(_, resource): &(&String, &Value)| resource["Type"] == kind;
        resources
            .iter()
            .filter(of_type)
            .map(|(name, resource)| (name.as_str(), resource))
    }

    /// The conditions, by name.
    pub fn conditions(&self) -> &Value {
        &self.0["Conditions"]
    }

    /// A parameter, as it is declared.
    pub fn parameter(&self, name: &str) -> &Value {
        &self.0["Parameters"][name]
    }

    /// A number that is written down, or the default of the parameter that is referred to.
    pub fn number(&self, value: &Value) -> u64 {
        match value["Ref"].as_str() {
            Some(parameter) => self.number(&self.0["Parameters"][parameter]["Default"]),
            None => value
                .as_u64()
                .unwrap_or_else(|| panic!("{value} is no number")),
        }
    }
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// A list, or the one thing that stands where a list may.
pub fn list(value: &Value) -> Vec<&Value> {
    value
        .as_array()
        .map_or_else(|| vec![value], |items| items.iter().collect())
}

fn to_json(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(scalar) => scalar_to_json(scalar),
        Yaml::Sequence(items) => items.iter().map(to_json).collect(),
        Yaml::Mapping(pairs) => {
            let pair = |(key, value): (&Yaml<'_>, &Yaml<'_>)| (key_text(key), to_json(value));
            Value::Object(pairs.iter().map(pair).collect::<Map<_, _>>())
        }
        Yaml::Tagged(tag, value) => {
            let name = if tag.suffix == "Ref" {
                "Ref".to_owned()
            } else {
                format!("Fn::{}", tag.suffix)
            };
            json!({ name: to_json(value) })
        }
        other => panic!("unexpected in a template: {other:?}"),
    }
}

fn scalar_to_json(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => json!(value),
        Scalar::Integer(value) => json!(value),
        Scalar::FloatingPoint(value) => json!(value.into_inner()),
        Scalar::String(value) => json!(value),
    }
}

fn key_text(key: &Yaml<'_>) -> String {
    match to_json(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
