public import Core

/// A way by which a caller's value can leave a conversation in clear.
public enum DataExit: String, Hashable, Sendable, Codable, CaseIterable {
  /// The server's log.
  case log
  /// Traces: spans, SIP messages.
  case trace
  /// A language or speech model outside this process.
  case model
  /// A tool's request to a back end.
  case tool
  /// A row of the journal. Rows name values by token.
  case journal
  /// A screen that a person reads: desk, chat, replay.
  case screen
}

/// Which kinds of personal data may pass which exit in clear. What is not allowed is denied.
///
/// Log, trace and journal are closed: no policy opens them. A secret passes to tools only, where it is granted.
public struct DataPolicy: Hashable, Sendable {
  private var open: [DataExit: Set<DataLabel>] = [:]

  /// A policy that denies everything.
  public init() {}

  /// What holds unless a tenant says otherwise: back ends and the screens of the tenant's people see ordinary personal data,
  /// models outside the process see nothing; cards, health and secrets pass nowhere before they are granted.
  public static let standard = DataPolicy()
    .allowing([.identifier, .name, .address, .personal, .speech], at: .tool)
    .allowing([.identifier, .name, .address, .personal, .speech], at: .screen)

  /// Exits no policy can open.
  public static let closed: Set<DataExit> = [.log, .trace, .journal]

  /// The policy with more allowed. A grant for a closed exit, or for a secret at another exit than tools, has no effect.
  public func allowing(_ labels: Set<DataLabel>, at exit: DataExit) -> DataPolicy {
    guard !Self.closed.contains(exit) else { return self }
    var policy = self
    policy.open[exit, default: []].formUnion(exit == .tool ? labels : labels.subtracting([.secret]))
    return policy
  }

  /// The policy with less allowed.
  public func denying(_ labels: Set<DataLabel>, at exit: DataExit) -> DataPolicy {
    var policy = self
    policy.open[exit, default: []].subtract(labels)
    return policy
  }

  /// Whether data of this kind may pass an exit in clear.
  public func allows(_ label: DataLabel, at exit: DataExit) -> Bool {
    open[exit]?.contains(label) ?? false
  }

  /// A value as an exit may show it: its text, or the placeholder `<label>` when it is denied or erased.
  public func text(of value: Sensitive<String>, at exit: DataExit) -> String {
    guard allows(value.token.label, at: exit), let text = value.revealed else { return value.description }
    return text
  }
}
