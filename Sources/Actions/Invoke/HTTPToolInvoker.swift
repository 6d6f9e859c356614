public import Core
import FoundationEssentials
public import Governance
import Synchronization

/// Runs tools over HTTP with JSON.
///
/// A reading tool is tried twice within its deadline when its connection fails. A changing tool is asked once: its intent is
/// durable before the request leaves, under a key that the back end gets as `Idempotency-Key`; when no clear answer comes the
/// tool's probe is asked, and what cannot be learned is `unknown` and stays open in the ledger for a person. An `invoke` of a
/// changing tool goes on when its caller is cancelled, and two of the same key are one.
///
/// A probe that answers 404 says that the change did not happen, once twice the deadline has passed since the request left:
/// so a back end must not begin a request that much later. A changing tool may therefore take about three deadlines.
///
/// Safe from any thread. Call `shutdown` before it is let go.
public final class HTTPToolInvoker: ToolInvoker {
  let tools: [ActionName: ToolDefinition]
  let ledger: any EffectLedger
  let protection: ResultProtection
  let policy: DataPolicy
  let secrets: any SecretSource
  let serverKey: [UInt8]
  let options: InvokerOptions
  let exchange: HTTPExchange
  let observe: @Sendable (ToolExchange) -> Void
  private let running = Mutex<[String: Task<ToolOutcome, Never>]>([:])

  /// An invoker for an assistant's tools. Throws `ActionsError` for a declaration that cannot work.
  ///
  /// - Parameters:
  ///   - labels: the labels of slots; a result for a labelled slot is put behind a token.
  ///   - serverKey: 32 secret bytes that stay the same over restarts.
  ///   - observe: told of every request and of ledger failures, on any thread; must return at once.
  public init(
    tools: [ToolDefinition], labels: [SlotName: DataLabel], ledger: any EffectLedger, vault: any CallVault,
    secrets: any SecretSource, serverKey: [UInt8], policy: DataPolicy = .standard,
    options: InvokerOptions = InvokerOptions(),
    observe: @escaping @Sendable (ToolExchange) -> Void = { _ in }
  ) throws(ActionsError) {
    for tool in tools { try tool.check() }
    self.tools = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    self.ledger = ledger
    protection = ResultProtection(labels: labels, vault: vault)
    self.policy = policy
    self.secrets = secrets
    self.serverKey = serverKey
    self.options = options
    self.observe = observe
    exchange = HTTPExchange(largestAnswer: options.largestAnswer)
  }

  /// Closes connections. Nothing may be invoked afterwards.
  public func shutdown() async throws { try await exchange.shutdown() }

  /// Runs a tool within its deadline; see the type for changing tools. An undeclared tool is `failed(.forbidden)`.
  public func invoke(
    _ invocation: ToolInvocation, of call: CallID, in conversation: ConversationID
  ) async -> ToolOutcome {
    guard let tool = tools[invocation.tool] else { return .failed(.forbidden) }
    let arguments: ToolArguments
    do {
      arguments = try ToolArguments(invocation.arguments, for: tool, policy: policy)
    } catch {
      return .failed(error.failure)
    }
    guard tool.changesState || invocation.changesState else {
      return await read(tool, arguments, deadline: invocation.deadline, of: call)
    }
    let key: String
    if let parts = invocation.idempotency {
      let texts = parts.compactMap(\.revealedText)
      // A part that was erased would make one of two requests.
      guard texts.count == parts.count else { return .failed(.badArgument) }
      key = IdempotencyKey.derive(serverKey: serverKey, conversation: conversation, tool: tool.name, parts: texts)
    } else {
      key = IdempotencyKey.derive(
        serverKey: serverKey, conversation: conversation, activation: invocation.activation, tool: tool.name,
        arguments: arguments.values)
    }
    let change = ToolChange(
      tool: tool, arguments: arguments.values,
      intent: EffectIntent(
        key: key, call: call, effect: invocation.effect, tool: tool.name, arguments: invocation.arguments),
      deadline: invocation.deadline)
    let task = running.withLock { running in
      if let task = running[key] { return task }
      let task = Task {
        let outcome = await self.perform(change)
        self.running.withLock { $0[key] = nil }
        return outcome
      }
      running[key] = task
      return task
    }
    return await task.value
  }

  /// Runs a tool that changes nothing.
  private func read(
    _ tool: ToolDefinition, _ arguments: ToolArguments, deadline: CallSpan, of call: CallID
  ) async -> ToolOutcome {
    let end = ContinuousClock.now + deadline.duration
    let request: PreparedRequest
    do {
      request = try prepare(tool.request, arguments.values, key: nil)
    } catch {
      return refuse(error, tool, call)
    }
    var result = await send(request, .request, tool, call, isChanging: false, until: end)
    if case .notSent = result { result = await retry(request, tool, call, until: end) ?? result }
    if case .lost = result { result = await retry(request, tool, call, until: end) ?? result }
    switch result {
    case .answered(let status, let body):
      switch ToolAnswer(status: status, body: body, of: tool) {
      case .completed(let slots): return .completed(protection.protect(slots, of: call))
      case .refused(let code): return .refused(code)
      case .error: return .failed(.backEndError)
      case .bad: return .failed(.badAnswer)
      }
    case .tooLarge: return .failed(.badAnswer)
    case .notSent, .lost: return .failed(.unreachable)
    case .timedOut: return .failed(.timedOut)
    }
  }

  /// The second try, after a pause; nil when the deadline leaves no time for it.
  private func retry(
    _ request: PreparedRequest, _ tool: ToolDefinition, _ call: CallID, until end: ContinuousClock.Instant
  ) async -> ExchangeResult? {
    guard ContinuousClock.now + options.pause.duration < end else { return nil }
    try? await Task.sleep(for: options.pause.duration)
    return await send(request, .retry, tool, call, isChanging: false, until: end)
  }

  func prepare(_ template: ToolRequest, _ arguments: [String: JSONValue], key: String?, isProbe: Bool = false) throws
    -> PreparedRequest
  {
    try PreparedRequest(
      template, isProbe: isProbe, PreparedRequest.Values(arguments: arguments, key: key, secrets: secrets))
  }

  /// What a request that could not be made means.
  func refuse(_ error: any Error, _ tool: ToolDefinition, _ call: CallID) -> ToolOutcome {
    if let error = error as? ArgumentFailure { return .failed(error.failure) }
    let problem = (error as? ActionsError)?.description ?? "The request cannot be encoded"
    observe(ToolExchange(tool: tool.name, call: call, step: .request, status: nil, problem: problem, took: .zero))
    return .failed(.unreachable)
  }

  func send(
    _ request: PreparedRequest, _ step: ToolExchange.Step, _ tool: ToolDefinition, _ call: CallID, isChanging: Bool,
    until end: ContinuousClock.Instant
  ) async -> ExchangeResult {
    let start = ContinuousClock.now
    let result = await exchange.send(request, isChanging: isChanging, deadline: end)
    let (status, problem): (Int?, String?) =
      switch result {
      case .answered(let status, _): (status, nil)
      case .tooLarge: (nil, "The answer is too large")
      case .notSent(let text): (nil, "No connection: " + text)
      case .lost(let text): (nil, "Connection lost: " + text)
      case .timedOut: (nil, "No answer in time")
      }
    observe(
      ToolExchange(
        tool: tool.name, call: call, step: step, status: status, problem: problem, took: start.duration(to: .now)))
    return result
  }
}
