import Core

/// What a search saw on its way, for the rules.
struct Observations {
  /// One condition of a step.
  struct BranchKey: Hashable {
    let flow: FlowID
    let step: StepID
    let branch: Int
  }

  /// What a condition came to.
  struct BranchSight {
    var held = false
    var failed = false
    /// A place where it was asked.
    var place: Int
  }

  /// Something wrong at a step, in a place.
  struct Fault: Hashable {
    let kind: Kind
    let flow: FlowID
    let step: StepID
    /// The slot, level, purpose or response it is about.
    let detail: String

    enum Kind: Hashable {
      case identityMissing, identityLate, consentLate, confirmationMissing, confirmationOld
      case argumentUnset, saidUnset, approvalUndecided
    }
  }

  /// Where a fault was seen first, with what must be so there.
  struct Sight {
    let place: Int
    var narrows: [SlotNote] = []
  }

  var neverStarts = false
  var branches: [BranchKey: BranchSight] = [:]
  var faults: [Fault: Sight] = [:]
  /// Where a response is first said.
  var said: [ResponseName: Int] = [:]
  /// Where a step is first reached.
  var steps: [FlatStep: Int] = [:]
  /// The values of jobs' success at the end: which came out, and where the journey ended first.
  var success: (held: Bool, failed: Bool, place: Int)?
  /// For each tool that changes something, and for the end: the places it is first reached with each set of legal sentences heard.
  var legal: [LegalGoal: [UInt64: Int]] = [:]

  struct FlatStep: Hashable {
    let flow: FlowID
    let step: StepID
  }

  enum LegalGoal: Hashable {
    case tool(ActionName, FlowID, StepID)
    case end
  }

  mutating func note(_ fault: Fault, at place: Int, _ narrows: [SlotNote] = []) {
    if faults[fault] == nil { faults[fault] = Sight(place: place, narrows: narrows) }
  }
}
