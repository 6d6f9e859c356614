/// The calls of a user agent, and what each source has of them.
struct CallTable: Sendable {
  /// The calls that came from one source.
  struct Standing: Hashable, Sendable {
    /// Not in their end.
    var alive = 0
    /// Of these, not confirmed by an ACK yet.
    var unconfirmed = 0
    /// BYE sent, and not answered.
    var ending = 0

    fileprivate mutating func count(_ phase: CallState.Phase, _ step: Int) {
      guard phase != .ending else {
        ending += step
        return
      }
      alive += step
      if phase != .confirmed { unconfirmed += step }
    }
  }
  private var calls: [CallHandle: CallState] = [:]
  private var standings: [IPAddress: Standing] = [:]

  var count: Int { calls.count }
  /// In the order of their beginning.
  var handles: [CallHandle] { calls.keys.sorted { $0.number < $1.number } }

  var connections: Set<UInt64> { Set(calls.values.compactMap(\.connection)) }

  /// What the source of an address has.
  func standing(of address: IPAddress) -> Standing { standings[address.source] ?? Standing() }

  subscript(handle: CallHandle) -> CallState? {
    get { calls[handle] }
    set {
      count(calls[handle], -1)
      calls[handle] = newValue
      count(newValue, 1)
    }
  }

  private mutating func count(_ call: CallState?, _ step: Int) {
    guard let call, let source = call.source?.source else { return }
    var standing = standing(of: source)
    standing.count(call.phase, step)
    standings[source] = standing == Standing() ? nil : standing
  }
}
