/// An operation of a back end that flows may ask for, as `tools.yml` declares it.
public struct ToolDefinition: Hashable, Sendable, Codable {
  /// Its name; flows write `action: name`.
  public let name: ActionName
  /// What it does.
  public let summary: String
  /// The request that runs it.
  public let request: ToolRequest
  /// What goes in.
  public let arguments: [ToolArgument]
  /// What comes out and into which slot.
  public let results: [ToolField]
  /// The slot among the results by whose value the tool says who the caller is; nil when it says nothing of the kind.
  public let identifies: SlotName?
  /// Coded refusals a flow can branch on.
  public let refusals: [String]
  /// Refusals which say that there is nothing of what was asked for. A caller's number may have been misheard then, so that its other
  /// readings are looked up before the caller is troubled. Only of a tool that reads.
  public let notFound: [String]
  /// The slot that holds how it went: `completed`, one of `refusals`, `failed` or `unknown`.
  public let outcomeSlot: SlotName?
  /// How long one attempt may take.
  public let deadline: CallSpan
  /// Whether it changes anything. Such a tool is confirmed, journaled before it leaves, and never repeated blindly.
  public let changesState: Bool
  /// How to learn whether it happened when no answer came.
  public let probe: ToolRequest?
  /// The flag that must hold when it changes state: a slot that was asked at a step of its own.
  public let confirmedBy: SlotName?
  /// Whether its author says that it changes something without anybody's yes.
  public let needsNoYes: Bool
  /// The level of identity it needs.
  public let identity: IdentityLevel
  /// Purposes the caller must have consented to.
  public let consents: [ConsentName]
  /// A person's word it needs; nil for none.
  public let approval: ApprovalRule?
  /// What makes two requests one: the text is part of the idempotency key in place of the journey and the arguments. Nil: one
  /// request for each entry of a journey with the same arguments.
  public let idempotencyKey: Template?
  /// The tool that undoes it; nil when nothing does.
  public let compensation: ActionName?
  /// How long it lets the caller wait.
  public let latency: ToolLatency
  /// Where it is written.
  public let source: SourceLocation

  /// A tool.
  public init(
    name: ActionName, summary: String, request: ToolRequest, arguments: [ToolArgument], results: [ToolField],
    identifies: SlotName? = nil, refusals: [String] = [], notFound: [String] = [],
    outcomeSlot: SlotName? = nil,
    deadline: CallSpan = .seconds(3), changesState: Bool,
    probe: ToolRequest? = nil, confirmedBy: SlotName? = nil, needsNoYes: Bool = false, identity: IdentityLevel = .none,
    consents: [ConsentName] = [], approval: ApprovalRule? = nil, idempotencyKey: Template? = nil,
    compensation: ActionName? = nil, latency: ToolLatency = .short, source: SourceLocation
  ) {
    self.name = name
    self.summary = summary
    self.request = request
    self.arguments = arguments
    self.results = results
    self.identifies = identifies
    self.refusals = refusals
    self.notFound = notFound
    self.outcomeSlot = outcomeSlot
    self.deadline = deadline
    self.changesState = changesState
    self.probe = probe
    self.confirmedBy = confirmedBy
    self.needsNoYes = needsNoYes
    self.identity = identity
    self.consents = consents
    self.approval = approval
    self.idempotencyKey = idempotencyKey
    self.compensation = compensation
    self.latency = latency
    self.source = source
  }
}

/// An HTTP request with places for arguments: `{name}` in path and query; arguments not in the path make the JSON body.
public struct ToolRequest: Hashable, Sendable, Codable {
  /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
  public let method: String
  /// URL with `{argument}` and `{idempotency_key}`; `${NAME}` was resolved by the loader into a secret reference.
  public let url: String
  /// Headers; values may be `${NAME}` references, resolved when the request is made.
  public let headers: [String: String]
  /// A request.
  public init(method: String, url: String, headers: [String: String] = [:]) {
    self.method = method
    self.url = url
    self.headers = headers
  }
}

/// One argument of a tool.
public struct ToolArgument: Hashable, Sendable, Codable {
  /// Its name in path or body.
  public let name: String
  /// The slot it is taken from; its own name when nil.
  public let slot: SlotName
  /// What it must be.
  public let type: JSONType
  /// A regular expression the text must match whole; nil for none.
  public let pattern: String?
  /// Whether the tool may run without it.
  public let isRequired: Bool
  /// The kind of data this argument is granted that tools are not given otherwise: a secret, a card, health.
  public let receives: DataLabel?
  /// Whether the question for the yes has to say it, where callers fill it.
  public let isReadBack: Bool
  /// An argument.
  public init(
    name: String, slot: SlotName, type: JSONType, pattern: String? = nil, isRequired: Bool = true,
    receives: DataLabel? = nil, isReadBack: Bool = true
  ) {
    self.name = name
    self.slot = slot
    self.type = type
    self.pattern = pattern
    self.isRequired = isRequired
    self.receives = receives
    self.isReadBack = isReadBack
  }
}

/// One field of a tool's answer.
public struct ToolField: Hashable, Sendable, Codable {
  /// Dotted path in the answer.
  public let path: String
  /// What it must be.
  public let type: JSONType
  /// Allowed values; empty for any.
  public let values: [String]
  /// The slot it fills; nil when it is only checked.
  public let slot: SlotName?
  /// Whether an answer without it is refused.
  public let isRequired: Bool
  /// A field.
  public init(path: String, type: JSONType, values: [String] = [], slot: SlotName?, isRequired: Bool = true) {
    self.path = path
    self.type = type
    self.values = values
    self.slot = slot
    self.isRequired = isRequired
  }
}

/// The types of JSON values that tools exchange.
public enum JSONType: String, Hashable, Sendable, Codable {
  case string, integer, number, boolean, array
}
