//! What the guide shows of API keys, run from the guide itself.

use serde_json::Value;

use crate::fixture::client::script::{Folder, Said};
use crate::fixture::client::{Import, User, api_url};
use crate::fixture::sample;

const GUIDE: &str = include_str!("../../docs/guide.md");

/// The blocks of the chapter: a request for a key, and a job that uses it.
fn blocks() -> [String; 2] {
    let (_, chapter) = GUIDE.split_once("## Let a program work for you").unwrap();
    let mut blocks = chapter.split("```sh\n").skip(1);
    [(); 2].map(|()| {
        let (block, _) = blocks.next().unwrap().split_once("```").unwrap();
        block.replace("http://localhost:8000", &api_url())
    })
}

/// The only answer that reached the terminal.
fn answered(said: &Said, status: u16) -> &Value {
    assert_eq!(said.statuses, [status], "{:?}", said.bodies);
    &said.bodies[0]
}

#[test]
fn the_job_of_the_guide_uploads_by_its_key_and_once_a_day() {
    let user = User::new();
    let folder = Folder::new();
    let [request, job] = blocks();
    let said = folder.run(&format!("TOKEN={}\n{request}", user.token));
    let key = answered(&said, 201)["key"].as_str().unwrap();
    let written = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    written("collect.env", &format!("COLLECT_TOKEN={key}\n"));
    written(
        "orders.csv",
        std::str::from_utf8(&sample::teams(181, 3)).unwrap(),
    );
    let job = job
        .replace("/etc/collect.env", "./collect.env")
        .replace("/var/shop/orders.csv", "orders.csv")
        .replace("/collect/shop/", "/collect/team/");
    let first = folder.run(&job);
    let import = answered(&first, 201);
    assert_eq!(import["id"], 1);
    let again = folder.run(&job);
    assert_eq!(answered(&again, 201)["id"], 1);
    Import::of(&user, "team", import).ends("completed");
}
