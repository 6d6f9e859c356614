import Core
import FoundationEssentials

/// A change to be made once.
struct ToolChange: Sendable {
  let tool: ToolDefinition
  /// In clear.
  let arguments: [String: JSONValue]
  let intent: EffectIntent
  let owner: DataOwner
  let deadline: CallSpan
}

/// What it means that a probe finds no trace of a change.
enum Absence {
  /// It did not happen, when the probe was asked at this instant or later.
  case proves(ToolFailure, from: ContinuousClock.Instant)
  /// Nothing: the back end took the change on. It is looked for until this instant, and then is under way.
  case provesNothing(until: ContinuousClock.Instant)
}

extension HTTPToolInvoker {
  /// Makes a change at most once: intent, request, outcome; or what is known of it from before.
  func perform(_ change: ToolChange) async -> ToolOutcome {
    let request: PreparedRequest
    do {
      request = try prepare(change.tool.request, change.arguments, key: change.intent.key)
    } catch {
      return refuse(error, change.tool, change.intent.call)
    }
    let known: EffectState?
    do {
      known = try await services.ledger.intend(change.intent)
    } catch {
      report(error, change, .intent)
      return .failed(.forbidden)
    }
    switch known {
    case .settled(.completed(let slots)): return .completed(await reveal(slots, of: change.owner))
    case .settled(let outcome): return outcome
    case .accepted: return await settle(change, await probe(change, underWay(change)))
    case .intended:
      // A process died, or another runs, between this intent and its outcome: the request may be on its way.
      let outcome = await probe(change, .proves(.unreachable, from: .now + change.deadline.duration * 2))
      guard case .failed(.unreachable) = outcome else { return await settle(change, outcome) }
    case nil: break
    }
    return await settle(change, await ask(change, request))
  }

  /// Sends the request, and learns what became of it.
  private func ask(_ change: ToolChange, _ request: PreparedRequest) async -> ToolOutcome {
    let (result, sent) = await send(
      request, .request, change.tool, change.intent.call, isChanging: true, deadline: change.deadline)
    let late = sent + change.deadline.duration * 2
    switch result {
    case .notSent: return .failed(.unreachable)
    case .timedOut: return await probe(change, .proves(.timedOut, from: late))
    case .lost: return await probe(change, .proves(.unreachable, from: late))
    case .tooLarge: return await probe(change, .proves(.badAnswer, from: .now))
    case .answered(let answer):
      switch ToolAnswer(answer, of: change.tool) {
      case .completed(let slots): return .completed(protect(slots, of: change.owner))
      case .refused(let code): return .refused(code)
      case .accepted: return await probe(change, await accept(change))
      case .bad: return await probe(change, .proves(.badAnswer, from: .now))
      // A gateway gave up on a back end that may still be at it.
      case .error(408), .error(502), .error(504): return await probe(change, .proves(.backEndError, from: late))
      case .error(400...499): return .failed(.backEndError)
      case .error: return await probe(change, .proves(.backEndError, from: .now))
      }
    }
  }

  /// Notes that the back end took the change on, so that no later process believes that it did not happen.
  private func accept(_ change: ToolChange) async -> Absence {
    do {
      try await services.ledger.accept(change.intent.key)
    } catch {
      report(error, change)
    }
    return underWay(change)
  }

  /// How long a change that was taken on is looked for.
  func underWay(_ change: ToolChange) -> Absence { .provesNothing(until: .now + change.deadline.duration * 2) }

  /// Asks whether a change happened, until there is an answer or the tries are used up.
  func probe(_ change: ToolChange, _ absence: Absence) async -> ToolOutcome {
    guard let template = change.tool.probe,
      let request = try? prepare(template, change.arguments, key: change.intent.key, isProbe: true)
    else { return .unknown }
    var absence = absence
    var pause = options.pause.duration
    var failures = 0
    while failures < options.probeTries {
      let (result, asked) = await send(
        request, .probe, change.tool, change.intent.call, isChanging: false, deadline: change.deadline)
      switch Finding(result, of: change.tool) {
      case .completed(let slots): return .completed(protect(slots, of: change.owner))
      case .refused(let code): return .refused(code)
      case .error(400...499): return .failed(.backEndError)
      case .unreadable, .error: return .unknown
      case .nothing:
        guard let end = wait(for: absence, asked: asked) else {
          if case .proves(let failure, _) = absence { return .failed(failure) }
          return .unknown
        }
        try? await Task.sleep(until: min(.now + pause, end), clock: .continuous)
      case .underWay:
        if case .proves = absence { absence = await accept(change) }
        guard let end = wait(for: absence, asked: asked) else { return .unknown }
        try? await Task.sleep(until: min(.now + pause, end), clock: .continuous)
      case .noAnswer:
        failures += 1
        if failures < options.probeTries { try? await Task.sleep(for: pause) }
      }
      pause = min(pause * 2, options.longestPause.duration)
    }
    return .unknown
  }

  /// Until when it is worth asking again; nil when nothing more can be learned.
  private func wait(for absence: Absence, asked: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    switch absence {
    case .proves(_, let instant), .provesNothing(let instant): asked >= instant ? nil : instant
    }
  }

  /// What a probe found.
  private enum Finding {
    case completed([SlotName: SlotValue])
    case refused(String)
    case error(Int)
    /// An answer that nothing can be made of.
    case unreadable
    /// No trace of the change.
    case nothing
    /// The change is known, its outcome is not.
    case underWay
    case noAnswer

    init(_ result: ExchangeResult, of tool: ToolDefinition) {
      guard case .answered(let answer) = result else {
        self = .noAnswer
        return
      }
      switch answer.status {
      case 404: self = .nothing
      case 202: self = .underWay
      case 200:
        switch ToolAnswer(probed: answer.body, of: tool) {
        case .completed(let slots): self = .completed(slots)
        case .refused(let code): self = .refused(code)
        case .accepted: self = .underWay
        case .error(let status): self = .error(status)
        case .bad: self = .unreadable
        }
      default: self = .noAnswer
      }
    }
  }

  /// Writes an outcome to the ledger. When that fails the intent stays open and is probed when the server starts again.
  func settle(_ change: ToolChange, _ outcome: ToolOutcome) async -> ToolOutcome {
    do {
      try await services.ledger.settle(change.intent.key, outcome)
    } catch {
      report(error, change)
    }
    return outcome
  }

  private func report(_ error: any Error, _ change: ToolChange, _ step: ToolExchange.Step = .ledger) {
    let problem = (error as? any CodedError)?.description ?? "The ledger failed"
    observe(
      ToolExchange(
        tool: change.tool.name, call: change.intent.call, step: step, status: nil, problem: problem, took: .zero))
  }
}
