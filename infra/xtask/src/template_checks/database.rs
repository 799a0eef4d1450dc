//! The network and the database, of which nothing is deployed here: what must be so, as a table.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::template::{Template, list, text};

fn template() -> Template {
    Template::at("infra/database.yaml")
}

/// A resource, a place in its properties, and what must stand there.
#[rustfmt::skip]
fn expected() -> Vec<(&'static str, &'static str, Value)> {
    let functions = json!({"Ref": "FunctionsGroup"});
    let by = |parameter: &str| json!({"Fn::If": [parameter, true, false]});
    vec![
        ("Database", "/Engine", json!("postgres")),
        ("Database", "/EngineVersion", json!("18")),
        ("Database", "/StorageEncrypted", json!(true)),
        ("Database", "/PubliclyAccessible", json!(false)),
        ("Database", "/BackupRetentionPeriod", json!({"Ref": "BackupDays"})),
        ("Database", "/MultiAZ", by("TwoServers")),
        ("Database", "/DeletionProtection", by("Protected")),
        ("Database", "/DBParameterGroupName", json!({"Ref": "DatabaseSettings"})),
        ("Database", "/VPCSecurityGroups", json!([{"Ref": "DatabaseGroup"}])),
        ("Database", "/ManageMasterUserPassword", json!(true)),
        ("Database", "/CACertificateIdentifier", json!("rds-ca-rsa2048-g1")),
        ("DatabaseSettings", "/Family", json!("postgres18")),
        ("DatabaseSettings", "/Parameters/rds.force_ssl", json!("1")),
        // A failed statement, its detail and its context may quote a cell.
        ("DatabaseSettings", "/Parameters/log_error_verbosity", json!("terse")),
        ("DatabaseSettings", "/Parameters/log_min_error_statement", json!("panic")),
        ("DatabaseSettings", "/Parameters/log_parameter_max_length_on_error", json!("0")),
        // Functions alone come in, and each of the two groups that they reach lets nothing out.
        ("DatabaseGroup", "/SecurityGroupIngress/0/SourceSecurityGroupId", functions.clone()),
        ("DatabaseGroup", "/SecurityGroupIngress/0/ToPort", json!(5432)),
        ("DatabaseGroup", "/SecurityGroupEgress/0/CidrIp", json!("255.255.255.255/32")),
        ("EndpointsGroup", "/SecurityGroupIngress/0/SourceSecurityGroupId", functions),
        ("EndpointsGroup", "/SecurityGroupIngress/0/ToPort", json!(443)),
        ("EndpointsGroup", "/SecurityGroupEgress/0/CidrIp", json!("255.255.255.255/32")),
        ("FunctionsGroup", "/SecurityGroupEgress/0/ToPort", json!(443)),
        ("FunctionsToDatabase", "/DestinationSecurityGroupId", json!({"Ref": "DatabaseGroup"})),
        // A function finds the database and the endpoints by their names.
        ("Network", "/EnableDnsSupport", json!(true)),
        ("Network", "/EnableDnsHostnames", json!(true)),
    ]
}

#[test]
fn the_network_and_the_database_are_as_the_table_says() {
    let template = template();
    for (resource, place, expected) in expected() {
        let found = template.resource(resource)["Properties"].pointer(place);
        assert_eq!(found, Some(&expected), "{resource}{place}");
    }
}

#[test]
fn nobody_but_functions_comes_in() {
    let template = template();
    for (name, group) in template.of_type("AWS::EC2::SecurityGroup") {
        let properties = &group["Properties"];
        // Without a rule for what goes out, AWS makes one that lets everything out.
        assert_eq!(list(&properties["SecurityGroupEgress"]).len(), 1, "{name}");
        let rules = properties["SecurityGroupIngress"].as_array();
        assert!(rules.is_none_or(|it| it.len() == 1), "{name}");
    }
    let separate = template.of_type("AWS::EC2::SecurityGroupIngress");
    assert_eq!(separate.count(), 0);
}

/// What functions ask of AWS, and how they reach it from a subnet without a way to the internet.
#[test]
fn every_service_has_its_way() {
    let template = template();
    let mut found = BTreeSet::new();
    for (name, endpoint) in template.of_type("AWS::EC2::VPCEndpoint") {
        let properties = &endpoint["Properties"];
        let service = text(&properties["ServiceName"]["Fn::Sub"]);
        let kind = text(&properties["VpcEndpointType"]);
        if kind == "Interface" {
            assert_eq!(properties["PrivateDnsEnabled"], true, "{name}");
            assert_eq!(endpoint["Condition"], "ByEndpoints", "{name}");
            assert_eq!(properties["SubnetIds"], subnets(), "{name}");
        } else {
            assert_eq!(properties["RouteTableIds"], json!([{"Ref": "Routes"}]));
        }
        let service = service.replace("com.amazonaws.${AWS::Region}.", "");
        found.insert((service, kind));
    }
    let expected = [
        ("dynamodb", "Gateway"),
        ("s3", "Gateway"),
        ("secretsmanager", "Interface"),
        ("sqs", "Interface"),
        ("states", "Interface"),
    ];
    let expected = expected.map(|(service, kind)| (service.to_owned(), kind.to_owned()));
    assert_eq!(found, BTreeSet::from(expected));
}

fn subnets() -> Value {
    let third = json!({"Fn::If": ["ThreeZones", {"Ref": "SubnetC"}, {"Ref": "AWS::NoValue"}]});
    json!([{"Ref": "SubnetA"}, {"Ref": "SubnetB"}, third])
}

#[test]
fn the_outputs_are_parameters_of_what_runs() {
    let outputs = template();
    let outputs = outputs.section("Outputs").as_object().unwrap();
    let parameters = Template::load();
    let parameters = parameters.section("Parameters");
    for name in outputs.keys() {
        assert!(parameters.get(name).is_some(), "{name}");
    }
    for (name, parameter) in parameters.as_object().unwrap() {
        let given = parameter.get("Default").is_some() || outputs.contains_key(name);
        assert!(given, "{name} has no value");
    }
}

/// The roles have the owner's name before their own: so the schema makes them.
#[test]
fn each_secret_names_the_role_that_the_schema_makes() {
    let template = template();
    let owner = text(&template.resource("Database")["Properties"]["MasterUsername"]);
    for (secret, role) in [
        ("WorkerSecret", "worker"),
        ("MakerSecret", "maker"),
        ("ReaderSecret", "reader"),
    ] {
        let made = &template.resource(secret)["Properties"]["GenerateSecretString"];
        let user = json!({"username": format!("{owner}_{role}")}).to_string();
        assert_eq!(made["SecretStringTemplate"], user.as_str());
        assert_eq!(made["GenerateStringKey"], "password");
    }
}

#[test]
fn the_rows_outlive_the_stack() {
    let template = template();
    let database = template.resource("Database");
    assert_eq!(database["DeletionPolicy"], "Snapshot");
    assert_eq!(database["UpdateReplacePolicy"], "Snapshot");
}
