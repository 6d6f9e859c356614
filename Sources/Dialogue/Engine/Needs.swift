import Core

/// What must hold before a step may run.
struct Needs: Equatable {
  var identity = IdentityLevel.none
  var consents: [ConsentName] = []

  init() {}

  init(of tool: ToolDefinition) {
    identity = tool.identity
    consents = tool.consents
  }

  var isEmpty: Bool { identity == .none && consents.isEmpty }

  mutating func add(_ flow: FlowVoice) {
    identity = max(identity, flow.identity)
    for consent in flow.consents where !consents.contains(consent) { consents.append(consent) }
  }
}

/// One thing that can be asked for before a step; each is asked for once.
enum Need: Hashable, Sendable {
  case identity(IdentityLevel)
  case consent(ConsentName)
  case approval
}

/// A person's word for a tool with these arguments, asked for or given.
struct Approval: Hashable, Sendable {
  var arguments: [String: SlotValue]
  var isGiven = false
}

/// Why a step may not run.
enum Denial {
  case identity(IdentityLevel)
  case consent(ConsentName)
  case approval(role: String)

  /// What `context.reason` and the slot `denied_by` hold.
  var reason: String {
    switch self {
    case .identity: "identity"
    case .consent: "consent"
    case .approval: "approval"
    }
  }

  var words: String {
    switch self {
    case .identity(let level): "the caller's identity is not sure enough: level \(level) is needed"
    case .consent(let purpose): "the caller has not consented to \(purpose)"
    case .approval(let role): "the \(role) has not approved"
    }
  }
}

/// A change that a tool of a journey has made and another can undo.
struct UndoableChange: Hashable, Sendable {
  /// The outermost frame of the journey, or the pattern that offers to undo it.
  var owner: FlowActivation
  let tool: ActionName
  let compensation: ActionName
  /// What undoing it takes, from the slots as they were; nil when something is missing.
  let arguments: [String: SlotValue]?
  /// The later change of the same journey that failed.
  var shakenBy: ActionName?
}
