/// All transactions of one endpoint: finds the one a message belongs to, absorbs retransmissions, bounds their number.
public struct TransactionLayer: Sendable {
  /// What the layer wants done, in order.
  public enum Action: Hashable, Sendable {
    /// To the network; `transaction` is to be given back when sending fails.
    case send(SIPMessage, to: TransportPath, transaction: TransactionKey?)
    case setTimer(TransactionTimerID, after: Duration)
    case cancelTimer(TransactionTimerID)
    /// A new request for the user, to be answered through `respond`. An ACK of a 2xx has no transaction.
    case request(SIPRequest, TransactionKey?, from: TransportPath)
    /// A new request that there is no room for, to be refused; nothing is kept of it.
    case overflow(SIPRequest, from: TransportPath)
    /// A response to a request of ours.
    case response(SIPResponse, TransactionKey)
    /// A request of ours got no answer, or a final answer of ours to INVITE no ACK.
    case timedOut(TransactionKey)
    case transportFailed(TransactionKey)
    case terminated(TransactionKey)
  }
  private enum Machine: Sendable {
    case inviteServer(InviteServerTransaction)
    case server(ServerTransaction)
    case inviteClient(InviteClientTransaction)
    case client(ClientTransaction)

    mutating func handle(_ event: TransactionEvent) -> [TransactionAction] {
      switch self {
      case .inviteServer(var machine):
        defer { self = .inviteServer(machine) }
        return machine.handle(event)
      case .server(var machine):
        defer { self = .server(machine) }
        return machine.handle(event)
      case .inviteClient(var machine):
        defer { self = .inviteClient(machine) }
        return machine.handle(event)
      case .client(var machine):
        defer { self = .client(machine) }
        return machine.handle(event)
      }
    }

    var isAccepted: Bool {
      if case .inviteServer(let machine) = self { return machine.state == .accepted }
      return false
    }
  }
  private struct Entry: Sendable {
    var machine: Machine
    var path: TransportPath
  }
  /// How much of the table a new request may find taken, so that a flood of one kind leaves room for what matters more. One source may
  /// take half of that, so that it leaves room for others.
  public enum Room: Sendable {
    /// What belongs to a call that is there.
    case all
    /// Three quarters: an INVITE.
    case most
    /// Half: anything else.
    case half
  }
  private let timing: TransactionTiming
  private let capacity: Int
  private var entries: [TransactionKey: Entry] = [:]
  /// Server transactions of each host.
  private var sources: [String: Int] = [:]

  /// - Parameter capacity: server transactions above it are not taken.
  public init(timing: TransactionTiming = TransactionTiming(), capacity: Int = 4_096) {
    self.timing = timing
    self.capacity = capacity
  }

  /// Transactions alive.
  public var count: Int { entries.count }

  /// Whether a request repeats one that is alive.
  public func knows(_ request: SIPRequest) -> Bool { entries[TransactionKey(server: request)] != nil }
  /// Whether the transaction is alive.
  public func isAlive(_ key: TransactionKey) -> Bool { entries[key] != nil }

  private func hasRoom(_ room: Room, for host: String) -> Bool {
    let size =
      switch room {
      case .all: capacity
      case .most: capacity - capacity / 4
      case .half: capacity - capacity / 2
      }
    return entries.count < size && (room == .all || sources[host, default: 0] < (size + 1) / 2)
  }

  /// Takes a message from the network.
  public mutating func receive(_ message: SIPMessage, from path: TransportPath, room: Room = .all) -> [Action] {
    switch message {
    case .request(var request):
      if !request.vias.isEmpty { Self.mark(&request.vias[0], path: path) }
      return receive(request, from: path, room)
    case .response(let response):
      guard response.vias.count == 1, let branch = response.vias[0].branch else { return [] }
      return step(TransactionKey(clientBranch: branch, method: response.cseq.method), .response(response))
    }
  }

  private mutating func receive(_ request: SIPRequest, from path: TransportPath, _ room: Room) -> [Action] {
    let key = TransactionKey(server: request)
    if let entry = entries[key] {
      if request.method == .ack, entry.machine.isAccepted { return [.request(request, nil, from: path)] }
      return step(key, .request(request))
    }
    if request.method == .ack { return [.request(request, nil, from: path)] }
    guard hasRoom(room, for: path.host) else { return [.overflow(request, from: path)] }
    let reliable = path.transport.isReliable
    let machine: Machine =
      request.method == .invite
      ? .inviteServer(InviteServerTransaction(isReliable: reliable, timing: timing))
      : .server(ServerTransaction(isReliable: reliable, timing: timing))
    entries[key] = Entry(machine: machine, path: Self.replyPath(request.vias.first, from: path))
    sources[path.host, default: 0] += 1
    return [.request(request, key, from: path)]
  }

  /// Answers a request. Nothing happens when its transaction is over or has its final answer.
  public mutating func respond(_ key: TransactionKey, _ response: SIPResponse) -> [Action] {
    step(key, .respond(response))
  }

  /// Sends a request in a new client transaction. ACK has none: send it as an action of your own.
  /// - Returns: the key of its responses, nil when the request has no Via with branch.
  public mutating func send(_ request: SIPRequest, to path: TransportPath) -> (TransactionKey?, [Action]) {
    guard let branch = request.vias.first?.branch else { return (nil, []) }
    let key = TransactionKey(clientBranch: branch, method: request.method)
    let reliable = path.transport.isReliable
    if request.method == .invite {
      let machine = InviteClientTransaction(request, isReliable: reliable, timing: timing)
      entries[key] = Entry(machine: .inviteClient(machine), path: path)
      return (key, perform(machine.start(), key, path))
    }
    let machine = ClientTransaction(request, isReliable: reliable, timing: timing)
    entries[key] = Entry(machine: .client(machine), path: path)
    return (key, perform(machine.start(), key, path))
  }

  /// Goes on with an INVITE that an earlier process sent and that was not answered then: nothing is sent, its responses are taken.
  /// - Returns: the key of its responses, nil when it has no Via with branch or is alive already.
  public mutating func adopt(_ invite: SIPRequest, to path: TransportPath) -> TransactionKey? {
    guard let branch = invite.vias.first?.branch else { return nil }
    let key = TransactionKey(clientBranch: branch, method: .invite)
    guard entries[key] == nil else { return nil }
    let machine = InviteClientTransaction(adopting: invite, isReliable: path.transport.isReliable, timing: timing)
    entries[key] = Entry(machine: .inviteClient(machine), path: path)
    return key
  }

  /// A timer that was set has fired. Late ones of ended transactions do nothing.
  public mutating func fired(_ id: TransactionTimerID) -> [Action] { step(id.transaction, .timer(id.timer)) }

  /// The network could not send for this transaction.
  public mutating func transportFailed(_ key: TransactionKey) -> [Action] { step(key, .transportFailed) }

  /// Forgets a client transaction: nothing is repeated any more, a late response falls.
  public mutating func abandon(_ key: TransactionKey) -> [Action] {
    guard !key.isServer, entries.removeValue(forKey: key) != nil else { return [] }
    return [.e, .f, .k, .a, .b, .d, .m].map { .cancelTimer(.init(transaction: key, timer: $0)) }
  }

  private mutating func step(_ key: TransactionKey, _ event: TransactionEvent) -> [Action] {
    guard let path = entries[key]?.path, let actions = entries[key]?.machine.handle(event) else { return [] }
    return perform(actions, key, path)
  }

  private mutating func perform(_ actions: [TransactionAction], _ key: TransactionKey, _ path: TransportPath)
    -> [Action]
  {
    actions.map { action in
      switch action {
      case .send(let message): return .send(message, to: path, transaction: key)
      case .setTimer(let timer, let after): return .setTimer(.init(transaction: key, timer: timer), after: after)
      case .cancelTimer(let timer): return .cancelTimer(.init(transaction: key, timer: timer))
      case .deliver(let response): return .response(response, key)
      case .timedOut: return .timedOut(key)
      case .transportFailed: return .transportFailed(key)
      case .terminated:
        entries[key] = nil
        if key.isServer { leave(path.host) }
        return .terminated(key)
      }
    }
  }

  private mutating func leave(_ host: String) {
    let left = sources[host, default: 1] - 1
    sources[host] = left > 0 ? left : nil
  }

  /// Notes in the top Via where the request really came from (RFC 3261 section 18.2.1, RFC 3581 section 4).
  static func mark(_ via: inout Via, path: TransportPath) {
    if via.parameters.has("rport") {
      via.parameters["rport"] = String(path.port)
      via.parameters["received"] = path.host
    } else if via.host.withoutBrackets != path.host {
      via.parameters["received"] = path.host
    } else {
      via.parameters["received"] = nil
    }
  }

  /// Where answers go: the same connection, and when that is gone the port of Via; or the source address with the port of
  /// `rport` or of Via (RFC 3261 section 18.2.2). `maddr` is ignored, because it would let strangers choose our target.
  public static func replyPath(_ via: Via?, from path: TransportPath) -> TransportPath {
    guard let via, path.transport.isReliable || !via.parameters.has("rport") else { return path }
    var reply = path
    reply.port = via.sentByPort
    return reply
  }
}
