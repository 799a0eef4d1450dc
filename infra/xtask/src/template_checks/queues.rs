//! Queues and the functions that read them: AWS refuses, or delivers twice, what is set wrong here.

use serde_json::Value;

use super::template::{Template, list, text};

/// AWS asks for six times the function's timeout, so that throttled retries fit in.
const TIMES: u64 = 6;

fn mappings(template: &Template) -> Vec<(&Value, &Value, &Value)> {
    let properties = |name: &str| &template.resource(name)["Properties"];
    template
        .of_type("AWS::Lambda::EventSourceMapping")
        .map(|(_, mapping)| {
            let mapping = &mapping["Properties"];
            let queue = text(&mapping["EventSourceArn"]["Fn::GetAtt"]);
            let function = text(&mapping["FunctionName"]["Ref"]);
            (
                mapping,
                properties(queue.trim_end_matches(".Arn")),
                properties(&function),
            )
        })
        .collect()
}

#[test]
fn a_message_stays_with_its_worker_long_enough() {
    let template = Template::load();
    let mappings = mappings(&template);
    assert_eq!(mappings.len(), 2);
    for (mapping, queue, function) in mappings {
        let visibility = template.number(&queue["VisibilityTimeout"]);
        let timeout = template.number(&function["Timeout"]);
        assert!(
            visibility >= TIMES * timeout,
            "{mapping}: {visibility} s for a timeout of {timeout} s"
        );
    }
}

#[test]
fn one_message_a_call_and_each_reported_by_itself() {
    for (mapping, ..) in mappings(&Template::load()) {
        assert_eq!(mapping["BatchSize"], 1);
        assert_eq!(
            list(&mapping["FunctionResponseTypes"]),
            ["ReportBatchItemFailures"]
        );
    }
}

#[test]
fn five_deliveries_and_then_the_dead_letter_queue() {
    let template = Template::load();
    let redrive = &template.resource("ChunkQueue")["Properties"]["RedrivePolicy"];
    assert_eq!(redrive["maxReceiveCount"], 5);
    assert_eq!(
        redrive["deadLetterTargetArn"]["Fn::GetAtt"],
        "DeadLetterQueue.Arn"
    );
}
