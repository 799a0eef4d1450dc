//! A client of the original service does not notice that it was replaced: the curl commands that
//! its clients were given, and what the original answered.

use serde_json::{Value, json};

use crate::fixture::client::api_url;
use crate::fixture::client::script::Folder;
use crate::fixture::stack::variable;

const LINES: &str = include_str!("original.sh");

const SALES: &str = "Region,Country,Item Type,Sales Channel,Order Priority,Order Date,Order ID,Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost,Total Profit\r\n\
    Europe,France,Snacks,Online,C,8/1/2015,535113847,8/23/2015,2,9.50,9.33,19.00,18.66,0.34\r\n\
    Europe,France,Snacks,Online,C,7/31/2015,535113848,8/23/2015,2,9.50,9.33,19.00,18.66,0.34\r\n";
const TEAM: &str =
    "team_name, manager_name, manager_phone_number\r\nFalcons,Ada,(674) 566-5530\r\n";

/// The commands, with a wait before the last one: a client of the original looked at Flower there.
fn lines(name: &str) -> String {
    let watch = "until curl -s http://localhost:8000/collect/baseline/1/ -H \"Authorization: Bearer $TOKEN\" 2>/dev/null | grep -q '\"completed\"'; do :; done";
    let (before, last) = LINES.rsplit_once("\n\n").expect("lines apart");
    format!("{before}\n\n{watch}\n\n{last}")
        .replace("http://localhost:8000", &api_url())
        .replace("username=djoser", &format!("username={name}"))
}

/// The fields that the original's object had.
fn seed_of(object: &Value) -> Value {
    json!({"id": object["id"], "file": object["file"]})
}

#[test]
fn the_lines_of_the_original_answer_as_they_did() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("team.csv"), TEAM).unwrap();
    std::fs::write(folder.path().join("100000-Sales-Records.csv"), SALES).unwrap();
    let name = format!("djoser_{}", uuid::Uuid::new_v4().simple());
    let said = folder.run(&lines(&name));
    assert_eq!(said.statuses, [201, 200, 201, 200, 204, 404, 201, 200]);
    let [account, team, list, gone, baseline, data] = &said.bodies[..] else {
        panic!("{:?}", said.bodies);
    };
    assert_eq!(keys(account), ["email", "username", "id"]);
    let bucket = variable("UPLOAD_BUCKET");
    let file = |object: &Value| object["file"].as_str().unwrap().to_owned();
    let address = format!("https://{bucket}.s3.amazonaws.com/");
    assert!(file(team).starts_with(&address) && file(team).ends_with("/team.csv"));
    assert!(file(baseline).ends_with("/100000-Sales-Records.csv"));
    assert_eq!((&team["id"], &baseline["id"]), (&json!(1), &json!(1)));
    assert_eq!(keys(list), ["count", "next", "previous", "results"]);
    assert_eq!(list["count"], 1);
    assert_eq!(seed_of(&list["results"][0]), seed_of(team));
    assert_eq!(*gone, json!({"detail": "Not found."}));
    assert_eq!(data.to_string(), DATA);
}

fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

const DATA: &str = concat!(
    r#"{"count":1,"next":null,"previous":null,"results":[{"data":{"Region":"Europe","#,
    r#""Country":"France","Item Type":"Snacks","Sales Channel":"Online","Order Priority":"C","#,
    r#""Order Date":"8/1/2015","Order ID":535113847,"Ship Date":"8/23/2015","Units Sold":2,"#,
    r#""Unit Price":9.5,"Unit Cost":9.33,"Total Revenue":19,"Total Cost":18.66,"#,
    r#""Total Profit":0.34},"order_placed":"2015-08-01T00:00:00Z"}]}"#,
);
