//! plan-chunks and the import workflow: `functions/plan-chunks`, `shared/postgres/src/planning.rs`,
//! `infra/workflows/import.asl.json`.

use domain::import::State;

use crate::processes::{Execution, Planner};
use crate::row::Token;
use crate::rules::Rules;
use crate::system::{ENTRIES_AT_MOST, System};

impl System {
    /// The state of the execution of a run.
    pub fn execution(&mut self, run: u8) -> Option<&mut Execution> {
        self.executions.get_mut(usize::from(run) - 1)
    }

    /// The workflow invokes its planner.
    pub fn invoke_planner(&mut self, run: u8) {
        let idle = self.planners.iter().position(|it| *it == Planner::Idle);
        let (Some(idle), Some(execution)) = (idle, self.execution(run)) else {
            return;
        };
        if let Execution::Enters(entry) = *execution {
            *execution = Execution::Waits(entry);
            self.planners[idle] = Planner::Begins(Token { run, entry });
        }
    }

    /// The next step of a planner.
    pub fn plan(&mut self, index: usize, rules: &Rules) {
        self.planners[index] = match self.planners[index] {
            Planner::Idle => Planner::Idle,
            Planner::Begins(token) => self.begin(token, rules),
            Planner::Adds(token) => self.add(token, rules),
            Planner::Ends(token) => self.end_plan(token, rules),
            Planner::AnswersMore(token) => self.enter_again(token, rules),
            Planner::FailsTransient(token) => self.enter_again(token, rules),
            Planner::Refuses(token) => self.refuse(token, rules),
        };
    }

    /// `planning::MINE`
    fn is_mine(&self, run: u8) -> bool {
        let state = self.row.state;
        let active = state.is_active() && state != State::AwaitingUpload;
        active && self.row.run == run
    }

    /// `planning::begin`, `last_chunk`: where a successor continues.
    fn begin(&mut self, token: Token, rules: &Rules) -> Planner {
        if !self.is_mine(token.run) {
            return Planner::Refuses(token);
        }
        self.row.token = Some(token);
        self.touch();
        match (self.row.planned, self.chunks[0].planned) {
            (true, _) => self.planned(rules),
            (false, true) => Planner::Ends(token),
            (false, false) => Planner::Adds(token),
        }
    }

    /// `planning::add_chunks`
    fn add(&mut self, token: Token, rules: &Rules) -> Planner {
        if !self.is_mine(token.run) {
            return Planner::Refuses(token);
        }
        self.chunks[0].planned = true;
        self.touch();
        self.owe(rules);
        Planner::Ends(token)
    }

    /// `planning::end_plan`
    fn end_plan(&mut self, token: Token, rules: &Rules) -> Planner {
        if !self.is_mine(token.run) {
            return Planner::Refuses(token);
        }
        self.chunks[1].planned = true;
        self.row.planned = true;
        self.touch();
        self.planned(rules)
    }

    fn planned(&mut self, rules: &Rules) -> Planner {
        self.owe(rules);
        Planner::Idle
    }

    /// Answers `more`, or reports a transient fault: the execution enters the planner again, with
    /// another token.
    fn enter_again(&mut self, token: Token, rules: &Rules) -> Planner {
        self.hears_of_failure(token);
        self.planned(rules)
    }

    /// Lambda tells the execution, which enters another planner.
    pub fn planner_dies(&mut self, index: usize) {
        let planner = std::mem::replace(&mut self.planners[index], Planner::Idle);
        if let Some(token) = planner.token() {
            self.hears_of_failure(token);
        }
    }

    /// The execution has heard that the planner with this token failed.
    fn hears_of_failure(&mut self, token: Token) {
        if let Some(execution) = self.execution(token.run)
            && *execution == Execution::Waits(token.entry)
        {
            *execution = again(token.entry);
        }
    }

    /// Answers that this run is not wanted.
    fn refuse(&mut self, token: Token, rules: &Rules) -> Planner {
        if let Some(execution) = self.execution(token.run)
            && *execution == Execution::Waits(token.entry)
        {
            *execution = Execution::Ended;
        }
        self.planned(rules)
    }

    /// The execution gives up its planner although it still runs, and enters another.
    pub fn abandon_planner(&mut self, run: u8) {
        if let Some(execution) = self.execution(run)
            && let Execution::Waits(entry) = *execution
        {
            *execution = again(entry);
        }
    }

    /// `Executions::answer`, that every chunk is done: false if no execution waits for it.
    pub fn answer(&mut self, token: Token) -> bool {
        match self.execution(token.run) {
            Some(execution) if *execution == Execution::Waits(token.entry) => {
                *execution = Execution::Finishes;
                true
            }
            _ => false,
        }
    }

    /// `Executions::stop`; the functions that it invoked go on.
    pub fn stop(&mut self, run: u8) {
        if let Some(execution) = self.execution(run)
            && is_running(*execution)
        {
            *execution = Execution::Ended;
        }
    }
}

fn again(entry: u8) -> Execution {
    match entry < ENTRIES_AT_MOST {
        true => Execution::Enters(entry + 1),
        false => Execution::Ended,
    }
}

/// Has begun and not ended.
pub fn is_running(execution: Execution) -> bool {
    match execution {
        Execution::Enters(_) | Execution::Waits(_) | Execution::Finishes => true,
        Execution::Never | Execution::Ended => false,
    }
}
