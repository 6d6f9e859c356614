public import Core
import FoundationEssentials
import Synchronization

/// Runs the tools of one version of an assistant over HTTP with JSON.
///
/// A reading tool is tried twice within its deadline when its connection fails. A changing tool is asked once: its intent is
/// durable before the request leaves, under a key that the back end gets as `Idempotency-Key`; when no clear answer comes the
/// tool's probe is asked, and what cannot be learned is `unknown` and stays open in the ledger for a person. An `invoke` of a
/// changing tool goes on when its caller is cancelled, and two of the same key are one.
///
/// Deadlines count from when a request is sent. One that did not get its turn in time was not sent: it has failed, and nobody
/// needs to ask whether it happened.
///
/// A probe that answers 404 says that the change did not happen, once twice the deadline has passed since the request left:
/// so a back end must not begin a request that much later, unless it answered 202. A changing tool may therefore take about
/// three deadlines.
///
/// Safe from any thread.
public final class HTTPToolInvoker: ToolInvoker {
  let tools: [ActionName: ToolDefinition]
  /// Whose tools they are.
  public let assistant: AssistantVersion
  let protection: SlotProtection
  let services: ActionServices
  let options: InvokerOptions
  let observe: @Sendable (ToolExchange) -> Void
  private let running = Mutex<[String: Task<ToolOutcome, Never>]>([:])

  /// An invoker for an assistant's tools. Throws `ActionsError` for a declaration that cannot work.
  ///
  /// - Parameters:
  ///   - assistant: whose tools they are; written into every intent.
  ///   - protection: puts results for labelled slots behind tokens.
  ///   - observe: told of every request and of ledger failures, on any thread; must return at once.
  public init(
    tools: [ToolDefinition], of assistant: AssistantVersion, protection: SlotProtection, services: ActionServices,
    options: InvokerOptions = InvokerOptions(), observe: @escaping @Sendable (ToolExchange) -> Void = { _ in }
  ) throws(ActionsError) {
    for tool in tools { try tool.check() }
    self.tools = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    self.assistant = assistant
    self.protection = protection
    self.services = services
    self.options = options
    self.observe = observe
  }

  /// Runs a tool within its deadline; see the type for changing tools. An undeclared tool is `failed(.forbidden)`.
  public func invoke(_ invocation: ToolInvocation, in context: ToolContext) async -> ToolOutcome {
    guard let tool = tools[invocation.tool] else { return .failed(.forbidden) }
    let arguments: ToolArguments
    do {
      arguments = try ToolArguments(invocation.arguments, for: tool, policy: services.policy)
    } catch {
      return .failed(error.failure)
    }
    guard tool.changesState || invocation.changesState else {
      return await read(tool, arguments, deadline: invocation.deadline, context)
    }
    guard let key = key(of: invocation, tool, arguments, context) else { return .failed(.badArgument) }
    let origin: EffectOrigin
    do {
      origin = EffectOrigin(
        assistant: assistant, node: services.node, backEnd: try backEnd(of: tool), owner: context.owner)
    } catch {
      return refuse(error, tool, context.call)
    }
    let change = ToolChange(
      tool: tool, arguments: arguments.values,
      intent: EffectIntent(
        key: key, call: context.call, effect: invocation.effect, tool: tool.name, arguments: invocation.arguments,
        origin: origin),
      owner: context.owner, deadline: invocation.deadline)
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

  /// What makes a request the same request; nil when a part of it was erased, which would make one of two requests.
  private func key(
    of invocation: ToolInvocation, _ tool: ToolDefinition, _ arguments: ToolArguments, _ context: ToolContext
  ) -> String? {
    guard let parts = invocation.idempotency else {
      return IdempotencyKey.derive(
        serverKey: services.serverKey, conversation: context.conversation, activation: invocation.activation,
        tool: tool.name, arguments: arguments.values)
    }
    let texts = parts.compactMap(\.revealedText)
    guard texts.count == parts.count else { return nil }
    return IdempotencyKey.derive(
      serverKey: services.serverKey, conversation: context.conversation, tool: tool.name, parts: texts)
  }

  /// Runs a tool that changes nothing.
  private func read(
    _ tool: ToolDefinition, _ arguments: ToolArguments, deadline: CallSpan, _ context: ToolContext
  ) async -> ToolOutcome {
    let request: PreparedRequest
    do {
      request = try prepare(tool.request, arguments.values, key: nil)
    } catch {
      return refuse(error, tool, context.call)
    }
    var (result, sent) = await send(request, .request, tool, context.call, isChanging: false, deadline: deadline)
    switch result {
    case .notSent, .lost:
      let end = sent + deadline.duration
      result = await retry(request, tool, context.call, until: end) ?? result
    case .answered, .tooLarge, .timedOut: break
    }
    switch result {
    case .answered(let answer):
      switch ToolAnswer(answer, of: tool) {
      case .completed(let slots): return .completed(protect(slots, of: context.owner))
      case .refused(let code): return .refused(code)
      case .error: return .failed(.backEndError)
      // What was accepted for later is no answer to a question.
      case .bad, .accepted: return .failed(.badAnswer)
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
    let left = CallSpan(ContinuousClock.now.duration(to: end))
    return await send(request, .retry, tool, call, isChanging: false, deadline: left).result
  }

  func prepare(_ template: ToolRequest, _ arguments: [String: JSONValue], key: String?, isProbe: Bool = false) throws
    -> PreparedRequest
  {
    try PreparedRequest(
      template, isProbe: isProbe, PreparedRequest.Values(arguments: arguments, key: key, secrets: services.secrets))
  }

  /// Who can say whether a change of a tool happened.
  func backEnd(of tool: ToolDefinition) throws(ActionsError) -> String {
    try PreparedRequest.beginning(of: tool.probe ?? tool.request, services.secrets).origin.description
  }

  /// The slots as they may enter a conversation and the ledger.
  func protect(_ slots: [SlotName: SlotValue], of owner: DataOwner) -> [SlotName: SlotValue] {
    protection.protect(slots) { services.vault.protect($0, label: $1, owner: owner, ordinal: 0) }
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
    deadline: CallSpan
  ) async -> (result: ExchangeResult, sent: ContinuousClock.Instant) {
    let start = ContinuousClock.now
    let (result, sent) = await services.connections.send(request, isChanging: isChanging, deadline: deadline)
    let (status, problem): (Int?, String?) =
      switch result {
      case .answered(let answer): (answer.status, answer.coding.map { _ in "The answer's body is compressed" })
      case .tooLarge: (nil, "The answer is too large")
      case .notSent(let text): (nil, "Not sent: " + text)
      case .lost(let text): (nil, "Connection lost: " + text)
      case .timedOut: (nil, "No answer in time")
      }
    observe(
      ToolExchange(
        tool: tool.name, call: call, step: step, status: status, problem: problem, took: start.duration(to: .now)))
    return (result, sent)
  }
}

extension CallSpan {
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }
}
