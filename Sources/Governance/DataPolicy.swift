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
  /// A screen that one of the tenant's people reads: desk, listing, replay.
  case screen
  /// What is said or shown to the caller.
  case line
  /// A file that the operator asked for.
  case file
}

/// Which kinds of personal data may pass which exit in clear. What is not allowed is denied.
///
/// Log, trace and journal are closed: no policy opens them. A secret passes to tools only, where it is granted. The caller's line and a
/// file that was asked for take every other kind, also an author's own, unless it is denied there.
public struct DataPolicy: Hashable, Sendable {
  private var open: [DataExit: Set<DataLabel>] = [:]
  /// Exits that are open to all but secrets and what is denied there.
  private var wide: Set<DataExit> = []
  private var denied: [DataExit: Set<DataLabel>] = [:]

  /// A policy that denies everything.
  public init() {}

  /// What holds unless a tenant says otherwise: callers hear their own values; back ends and the screens of the tenant's people see
  /// ordinary personal data, models outside the process see nothing; cards, health, an author's own kinds and secrets pass to none
  /// of these before they are granted.
  public static let standard = DataPolicy()
    .allowing([.identifier, .name, .address, .personal, .speech], at: .tool)
    .allowing([.identifier, .name, .address, .personal, .speech], at: .screen)
    .allowingAll(at: .line)
    .allowingAll(at: .file)

  /// Exits no policy can open.
  public static let closed: Set<DataExit> = [.log, .trace, .journal]

  /// The policy with more allowed. A grant for a closed exit, or for a secret at another exit than tools, has no effect.
  public func allowing(_ labels: Set<DataLabel>, at exit: DataExit) -> DataPolicy {
    guard !Self.closed.contains(exit) else { return self }
    var policy = self
    let labels = exit == .tool ? labels : labels.subtracting([.secret])
    policy.open[exit, default: []].formUnion(labels)
    policy.denied[exit]?.subtract(labels)
    return policy
  }

  /// The policy with every kind but secrets allowed at an exit.
  private func allowingAll(at exit: DataExit) -> DataPolicy {
    var policy = self
    policy.wide.insert(exit)
    return policy
  }

  /// The policy with less allowed.
  public func denying(_ labels: Set<DataLabel>, at exit: DataExit) -> DataPolicy {
    var policy = self
    policy.open[exit, default: []].subtract(labels)
    policy.denied[exit, default: []].formUnion(labels)
    return policy
  }

  /// Whether data of this kind may pass an exit in clear.
  public func allows(_ label: DataLabel, at exit: DataExit) -> Bool {
    guard denied[exit]?.contains(label) != true else { return false }
    return open[exit]?.contains(label) == true || (wide.contains(exit) && label != .secret)
  }

  /// A value for an exit; nil when it is denied there, or erased.
  public func grant(_ value: Sensitive<String>, at exit: DataExit) -> String? {
    allows(value.token.label, at: exit) ? value.revealed : nil
  }

  /// A value as an exit may show it: its text, or the placeholder `<label>` when it is denied or erased.
  public func text(of value: Sensitive<String>, at exit: DataExit) -> String {
    grant(value, at: exit) ?? value.description
  }
}
