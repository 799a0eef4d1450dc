/// Where the prices stand and as of when they were known to us; look again before you budget.
pub const SOURCE: &str = "list prices of us-east-1, x86, first tier, as known in 2026-11";

/// USD for one of each.
pub struct Prices {
    /// A second of a function with 1 GB.
    pub lambda_gb_second: f64,
    /// An invocation.
    pub lambda_request: f64,
    /// A request to a standard queue.
    pub sqs_request: f64,
    /// A state transition of a standard workflow.
    pub transition: f64,
    /// PUT, COPY, POST or LIST.
    pub s3_put: f64,
    /// GET or HEAD.
    pub s3_get: f64,
}

/// See [`SOURCE`].
pub const US_EAST_1: Prices = Prices {
    lambda_gb_second: 0.000_016_666_7,
    lambda_request: 0.20 / 1e6,
    sqs_request: 0.40 / 1e6,
    transition: 0.025 / 1e3,
    s3_put: 0.005 / 1e3,
    s3_get: 0.000_4 / 1e3,
};
