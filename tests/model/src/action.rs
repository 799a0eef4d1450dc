//! One thing that happens, and whether a fault or the user causes it.

use crate::processes::{Planner, Undoer, Worker};
use crate::system::System;

/// One thing that happens. A number is an index into an array of [`System`], a run, or a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    // The user
    Upload,
    Cancel,
    Delete,
    Pause,
    Resume,
    // Other imports
    Swapped,
    OldGoes,
    RemoveOriginal,
    Crowded,
    OthersDone,
    // Time
    TimePasses,
    VisibilityEnds(u8),
    WaitEnds,
    // Processes
    ObjectEvent,
    Advance,
    Look,
    Conduct,
    Deliver(u8),
    Work(usize),
    Bury(u8),
    GiveUp(u8),
    InvokePlanner(u8),
    Plan(usize),
    PlanMore(usize),
    Finish(u8),
    InvokeRollback(u8),
    Undo(usize),
    EndSilentWorker(usize),
    // Faults
    WorkerDies(usize),
    WorkerFailsTransient(usize),
    WorkerFreezes(usize),
    PlannerDies(usize),
    PlannerFailsTransient(usize),
    PlannerAbandoned(u8),
    ConductorDies,
    FinisherDies(u8),
    UndoerDies(usize),
    FailChunkDies(u8),
    ExecutionAborted(u8),
    RollbackAborted(u8),
    RollbackDoubled(u8),
    EventLost,
    MessageDoubled(u8),
    MessageLost(u8),
    MessageBuried(u8),
}

impl Action {
    /// Happens by itself: no fault and no user causes it.
    pub fn is_fault_free(self) -> bool {
        !self.is_command() && !self.is_fault()
    }

    fn is_command(self) -> bool {
        use Action::*;
        let of_others = matches!(self, Swapped | OldGoes | Crowded);
        let of_user = matches!(self, Upload | Cancel | Delete | Pause | Resume);
        of_others || of_user || self == RemoveOriginal
    }

    fn is_fault(self) -> bool {
        self.is_queue_fault() || self.is_crash()
    }

    /// The end of a wait.
    pub fn is_wait(self) -> bool {
        use Action::*;
        matches!(self, TimePasses | VisibilityEnds(_) | WaitEnds)
    }

    pub fn is_queue_fault(self) -> bool {
        use Action::*;
        matches!(self, MessageDoubled(_) | MessageLost(_) | MessageBuried(_))
    }

    pub fn is_crash(self) -> bool {
        use Action::*;
        matches!(
            self,
            WorkerDies(_)
                | WorkerFailsTransient(_)
                | WorkerFreezes(_)
                | PlannerDies(_)
                | PlannerFailsTransient(_)
                | PlannerAbandoned(_)
                | ConductorDies
                | FinisherDies(_)
                | UndoerDies(_)
                | FailChunkDies(_)
                | ExecutionAborted(_)
                | RollbackAborted(_)
                | RollbackDoubled(_)
                | EventLost
        )
    }
}

/// A kind of step: the unit of fairness. Processes of a kind are interchangeable, so a step is
/// named by what is done, not by the process that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    Work(Worker),
    Plan(Planner),
    Undo(Undoer),
    Conduct,
    Other(Action),
}

impl System {
    /// The kind of step that an action is.
    pub fn label(&self, action: Action) -> Label {
        match action {
            Action::Work(index) | Action::EndSilentWorker(index) => {
                Label::Work(self.workers[index])
            }
            Action::Plan(index) => Label::Plan(self.planners[index]),
            Action::Undo(index) => Label::Undo(self.undoers[index]),
            Action::Conduct => Label::Conduct,
            action => Label::Other(action),
        }
    }
}
