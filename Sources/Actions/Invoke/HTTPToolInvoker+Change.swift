import Core
import FoundationEssentials

/// A change to be made once.
struct ToolChange: Sendable {
  let tool: ToolDefinition
  /// In clear.
  let arguments: [String: JSONValue]
  let intent: EffectIntent
  let deadline: CallSpan
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
      known = try await ledger.intend(change.intent)
    } catch {
      report(error, change)
      return .failed(.forbidden)
    }
    switch known {
    case .settled(.completed(let slots)): return .completed(await protection.reveal(slots, of: change.intent.call))
    case .settled(let outcome): return outcome
    case .intended:
      // A process died, or another runs, between this intent and its outcome: the request may be on its way.
      let outcome = await probe(change, failure: .unreachable, sureFrom: .now + change.deadline.duration * 2)
      guard case .failed(.unreachable) = outcome else { return await settle(change, outcome) }
    case nil: break
    }
    return await settle(change, await ask(change, request))
  }

  /// Sends the request, and learns what became of it.
  private func ask(_ change: ToolChange, _ request: PreparedRequest) async -> ToolOutcome {
    let sent = ContinuousClock.now
    let result = await send(
      request, .request, change.tool, change.intent.call, isChanging: true, until: sent + change.deadline.duration)
    let late = sent + change.deadline.duration * 2
    switch result {
    case .notSent: return .failed(.unreachable)
    case .timedOut: return await probe(change, failure: .timedOut, sureFrom: late)
    case .lost: return await probe(change, failure: .unreachable, sureFrom: late)
    case .tooLarge: return await probe(change, failure: .badAnswer, sureFrom: .now)
    case .answered(let status, let body):
      switch ToolAnswer(status: status, body: body, of: change.tool) {
      case .completed(let slots): return .completed(protection.protect(slots, of: change.intent.call))
      case .refused(let code): return .refused(code)
      case .bad: return await probe(change, failure: .badAnswer, sureFrom: .now)
      // A gateway gave up on a back end that may still be at it.
      case .error(408), .error(502), .error(504): return await probe(change, failure: .backEndError, sureFrom: late)
      case .error(400...499): return .failed(.backEndError)
      case .error: return await probe(change, failure: .backEndError, sureFrom: .now)
      }
    }
  }

  /// Asks whether a change happened, until there is an answer or the tries are used up.
  ///
  /// - Parameters:
  ///   - failure: why it failed, if it did not happen.
  ///   - sureFrom: from when on a 404 proves that it did not.
  func probe(_ change: ToolChange, failure: ToolFailure, sureFrom: ContinuousClock.Instant) async -> ToolOutcome {
    guard let template = change.tool.probe,
      let request = try? prepare(template, change.arguments, key: change.intent.key, isProbe: true)
    else { return .unknown }
    var pause = options.pause.duration
    var failures = 0
    while failures < options.probeTries {
      let asked = ContinuousClock.now
      let result = await send(
        request, .probe, change.tool, change.intent.call, isChanging: false, until: asked + change.deadline.duration)
      switch result {
      case .answered(404, _):
        if asked >= sureFrom { return .failed(failure) }
        try? await Task.sleep(until: min(.now + pause, sureFrom), clock: .continuous)
      case .answered(200, let body):
        switch ToolAnswer(probed: body, of: change.tool) {
        case .completed(let slots): return .completed(protection.protect(slots, of: change.intent.call))
        case .refused(let code): return .refused(code)
        case .error(400...499): return .failed(.backEndError)
        case .error, .bad: return .unknown
        }
      case .answered, .tooLarge, .notSent, .lost, .timedOut:
        failures += 1
        if failures < options.probeTries { try? await Task.sleep(for: pause) }
      }
      pause = min(pause * 2, options.longestPause.duration)
    }
    return .unknown
  }

  /// Writes an outcome to the ledger. When that fails the intent stays open and is probed when the server starts again.
  func settle(_ change: ToolChange, _ outcome: ToolOutcome) async -> ToolOutcome {
    do {
      try await ledger.settle(change.intent.key, outcome)
    } catch {
      report(error, change)
    }
    return outcome
  }

  private func report(_ error: any Error, _ change: ToolChange) {
    let problem = (error as? any CodedError)?.description ?? "The ledger failed"
    observe(
      ToolExchange(
        tool: change.tool.name, call: change.intent.call, step: .ledger, status: nil, problem: problem, took: .zero))
  }
}
