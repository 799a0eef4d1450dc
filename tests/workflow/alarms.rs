//! The alarms that the stack was deployed with. `house::runbook` checks whom they notify, which the
//! local cloud does not show.

use crate::fixture::cloud;
use crate::fixture::stack::variable;

#[test]
fn every_alarm_is_there() {
    let body = "Action=DescribeAlarms&Version=2010-08-01&MaxRecords=100";
    let request = cloud::Signed {
        service: "monitoring",
        method: "POST",
        path: "/",
        query: &[],
        headers: &[("content-type", "application/x-www-form-urlencoded")],
        body: body.as_bytes(),
    };
    let described = cloud::call(&cloud::operator(), &request);
    assert_eq!(described.status, 200, "{described:?}");
    let start = format!("<AlarmName>{}-", variable("STACK_NAME"));
    let alarms: Vec<&str> = described.body.split(&start).skip(1).collect();
    for name in [
        "DeadLettersAlarm",
        "DeadLettersUnjudgedAlarm",
        "OldestChunkAlarm",
        "RollbackFailedAlarm",
        "ReconcileFailingAlarm",
        "ReconcileSilentAlarm",
        "RefusalsAlarm",
        "FaultsAlarm",
    ] {
        let found = alarms.iter().any(|it| it.starts_with(name));
        assert!(found, "no {name} in {}", described.body);
    }
}
