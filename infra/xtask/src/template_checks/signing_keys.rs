//! Who may read what tokens are signed with, in each stage from HS256 to EdDSA.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::template::{Template, list, text};

const READ: &str = "secretsmanager:GetSecretValue";
const SIGNING_KEY: &str = "SigningKey";
const ADDRESS_SECRET: &str = "AddressSecret";
const HS256_SECRET: &str = "SigningSecret";

/// The parameters of a deploy.
struct Parameters {
    sign_with: &'static str,
    check_hs256: &'static str,
}

impl Parameters {
    /// What a part of the template comes to, as far as these parameters decide it.
    fn value(&self, template: &Template, part: &Value) -> Value {
        if let Some(parts) = part["Fn::If"].as_array() {
            let taken = self.holds(template, &text(&parts[0]));
            return self.value(template, &parts[if taken { 1 } else { 2 }]);
        }
        match part["Ref"].as_str() {
            Some("SignWith") => json!(self.sign_with),
            Some("CheckHs256") => json!(self.check_hs256),
            _ => part.clone(),
        }
    }

    fn holds(&self, template: &Template, condition: &str) -> bool {
        self.is_true(template, &template.conditions()[condition])
    }

    fn is_true(&self, template: &Template, condition: &Value) -> bool {
        let (operator, operands) = condition.as_object().unwrap().iter().next().unwrap();
        let operands = list(operands);
        match operator.as_str() {
            "Fn::Equals" => self.value(template, operands[0]) == self.value(template, operands[1]),
            "Fn::Not" => !self.is_true(template, operands[0]),
            "Fn::Or" => operands.iter().any(|it| self.is_true(template, it)),
            "Fn::Condition" => self.holds(template, &text(operands[0])),
            other => panic!("{other} in a condition"),
        }
    }

    /// The functions whose roles may read this secret.
    fn readers(&self, template: &Template, secret: &str) -> BTreeSet<String> {
        let id = json!({"Fn::GetAtt": format!("{secret}.Id")});
        let mut readers = BTreeSet::new();
        for (name, function) in template.of_type("AWS::Serverless::Function") {
            let policies = list(&function["Properties"]["Policies"]);
            let statements = policies.into_iter().flat_map(|it| list(&it["Statement"]));
            for statement in statements.map(|it| self.value(template, it)) {
                let reads = list(&statement["Action"]).iter().any(|it| *it == READ);
                if reads && list(&statement["Resource"]).contains(&&id) {
                    readers.insert(name.to_owned());
                }
            }
        }
        readers
    }

    fn of_all_functions(&self, template: &Template, variable: &str) -> Value {
        let variables = &template.of_all_functions()["Environment"]["Variables"];
        self.value(template, &variables[variable])
    }
}

/// Every choice there is, and who takes HS256 with it.
const CHOICES: [(Parameters, &str); 6] = [
    (choice("EdDSA", "nobody"), "nobody"),
    (choice("EdDSA", "auth"), "auth"),
    (choice("EdDSA", "everyone"), "everyone"),
    (choice("HS256", "nobody"), "everyone"),
    (choice("HS256", "auth"), "everyone"),
    (choice("HS256", "everyone"), "everyone"),
];

const fn choice(sign_with: &'static str, check_hs256: &'static str) -> Parameters {
    Parameters {
        sign_with,
        check_hs256,
    }
}

/// The functions that know users, besides `auth`.
const KNOW_USERS: [&str; 7] = [
    "ControlExportFunction",
    "ControlImportFunction",
    "DeclareDatasetFunction",
    "ListImportsFunction",
    "QueryDataFunction",
    "ShowAuditFunction",
    "UploadFileFunction",
];

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn the_choices_are_all_there_are() {
    let template = Template::load();
    let allowed = |name| json!(template.parameter(name)["AllowedValues"]);
    assert_eq!(allowed("SignWith"), json!(["EdDSA", "HS256"]));
    assert_eq!(allowed("CheckHs256"), json!(["everyone", "auth", "nobody"]));
    // Of a new stack.
    assert_eq!(template.parameter("SignWith")["Default"], "EdDSA");
    assert_eq!(template.parameter("CheckHs256")["Default"], "nobody");
}

#[test]
fn auth_alone_reads_the_signing_key() {
    let template = Template::load();
    for (parameters, _) in CHOICES {
        for secret in [SIGNING_KEY, ADDRESS_SECRET] {
            let readers = parameters.readers(&template, secret);
            assert_eq!(readers, set(&["AuthFunction"]), "{secret}");
        }
    }
}

#[test]
fn the_secret_of_hs256_is_read_by_those_who_take_it() {
    let template = Template::load();
    for (parameters, takes) in CHOICES {
        let said = parameters.of_all_functions(&template, "CHECK_HS256");
        assert_eq!(said, takes);
        let everyone = [&KNOW_USERS[..], &["AuthFunction"]].concat();
        let expected = match takes {
            "everyone" => set(&everyone),
            "auth" => set(&["AuthFunction"]),
            _ => set(&[]),
        };
        let case = format!("{} {}", parameters.sign_with, parameters.check_hs256);
        let readers = parameters.readers(&template, HS256_SECRET);
        assert_eq!(readers, expected, "{case}");
        // It is there as long as somebody reads it, and no longer.
        let condition = text(&template.resource(HS256_SECRET)["Condition"]);
        let kept = parameters.holds(&template, &condition);
        assert_eq!(kept, !expected.is_empty(), "{case}");
        let named = parameters.of_all_functions(&template, "SIGNING_SECRET_ARN");
        assert_eq!(named == "", !kept, "{case}");
    }
}

/// Else `auth` would begin without a key.
#[test]
fn auth_waits_for_its_key() {
    let template = Template::load();
    let pair = template.resource("SigningKeyPair");
    assert_eq!(
        template.resource("AuthFunction")["DependsOn"],
        "SigningKeyPair"
    );
    let function = json!({"Fn::GetAtt": "RotateSigningKeyFunction.Arn"});
    assert_eq!(pair["Properties"]["ServiceToken"], function);
    // Of another secret or another table it is told.
    let secret = json!({"Fn::GetAtt": "SigningKey.Id"});
    assert_eq!(pair["Properties"]["Secret"], secret);
    assert_eq!(pair["Properties"]["Table"], json!({"Ref": "AccountsTable"}));
}
