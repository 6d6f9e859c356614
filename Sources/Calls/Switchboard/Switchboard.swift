public import Conversation
public import Core
internal import Synchronization

/// Which calls there are and who may still come: admission, routing of numbers, drain.
public final class Switchboard: Sendable {
  /// Where a number leads.
  public struct Route: Sendable {
    /// The enterprise called.
    public let tenant: TenantID
    /// The assistant that answers; a call stays on it.
    public let assistant: PublishedAssistant

    /// A route.
    public init(tenant: TenantID, assistant: PublishedAssistant) {
      self.tenant = tenant
      self.assistant = assistant
    }
  }

  /// What an arriving call is told.
  public enum Admission: Sendable {
    /// Answer it, with this assistant.
    case accepted(Route)
    /// Refuse it.
    case refused(LineRejection)
  }

  private struct State {
    var routes: [String: Route]
    var calls: [CallID: Session] = [:]
    /// Conversations that somebody is about to go on with here.
    var claimed: Set<CallID> = []
    /// Admitted, and not yet added or given back.
    var awaited = 0
    var isDraining = false
    var waiters: [CheckedContinuation<Void, Never>] = []

    func route(of number: String) -> Route? { routes[number] ?? routes["*"] }
  }

  private let capacity: Int
  private let state: Mutex<State>

  /// A switchboard.
  ///
  /// - Parameters:
  ///   - routes: by number or user called; `*` takes all others.
  ///   - capacity: calls at once.
  public init(routes: [String: Route], capacity: Int) {
    self.capacity = capacity
    state = Mutex(State(routes: routes))
  }

  /// Whether and by whom a call to this number is answered. Who is accepted holds a place, until `add` or `giveBack`.
  public func admit(_ number: String) -> Admission {
    state.withLock { state in
      if state.isDraining { return .refused(.draining) }
      guard let route = state.route(of: number) else { return .refused(.unknownNumber) }
      guard state.calls.count + state.awaited < capacity else { return .refused(.overloaded) }
      state.awaited += 1
      return .accepted(route)
    }
  }

  /// Who answers a number, as long as it is answered at all.
  public func route(of number: String) -> Route? {
    state.withLock { $0.route(of: number) }
  }

  /// Leads numbers elsewhere from the next call on. Calls that were admitted stay on the assistant they were given.
  public func reroute(_ routes: [String: Route]) { state.withLock { $0.routes = routes } }

  /// An admitted call began.
  public func add(_ session: Session) {
    state.withLock { state in
      state.awaited = max(0, state.awaited - 1)
      state.claimed.remove(session.start.call)
      state.calls[session.start.call] = session
    }
  }

  /// An admitted call did not begin: its place is free again.
  public func giveBack() { state.withLock { $0.awaited = max(0, $0.awaited - 1) } }

  /// A call ended.
  public func remove(_ id: CallID) {
    let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
      state.calls[id] = nil
      guard state.calls.isEmpty else { return [] }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Takes a conversation for whoever wants to go on with it, until `add` or `release`. False while it is under way here, or
  /// somebody else took it.
  public func claim(_ id: CallID) -> Bool {
    state.withLock { state in state.calls[id] == nil && state.claimed.insert(id).inserted }
  }

  /// Nobody goes on with it after all.
  public func release(_ id: CallID) { state.withLock { _ = $0.claimed.remove(id) } }

  /// Calls alive.
  public var count: Int { state.withLock { $0.calls.count } }

  /// Whether new calls are refused because the server is about to stop.
  public var isDraining: Bool { state.withLock { $0.isDraining } }

  /// Refuses new calls from now on.
  public func drain() { state.withLock { $0.isDraining = true } }

  /// Returns when no call is alive.
  public func untilEmpty() async {
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        if state.calls.isEmpty { return true }
        state.waiters.append(continuation)
        return false
      }
      if isEmpty { continuation.resume() }
    }
  }

  /// Ends every call that is alive.
  public func hangUpAll() {
    for call in state.withLock({ Array($0.calls.values) }) { call.endNow() }
  }
}

/// An assistant ready to answer, with what belongs to its version alone.
public struct PublishedAssistant: Sendable {
  /// Its definition, prepared.
  public let prepared: PreparedAssistant
  /// Makes commands of words, trained on its examples.
  public let understander: any Understander
  /// Runs its tools.
  public let tools: any ToolInvoker
  /// Speaks for it.
  public let voice: Voice?

  /// A published assistant.
  public init(
    prepared: PreparedAssistant, understander: any Understander, tools: any ToolInvoker, voice: Voice?
  ) {
    self.prepared = prepared
    self.understander = understander
    self.tools = tools
    self.voice = voice
  }
}
