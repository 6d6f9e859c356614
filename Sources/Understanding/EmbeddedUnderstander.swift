public import Core
internal import Language

/// Understanding without any account or network: fixed phrases, slot grammars, then a classifier over the flows' examples.
///
/// A guess only: it knows the state it is told and changes nothing. The classifier is asked last, so that it cannot take an
/// answer away from the question that was asked.
public struct EmbeddedUnderstander: Understander {
  /// What authors should know: flows with too few examples to be told apart.
  public let warnings: [String]

  let definition: AssistantDefinition
  let classifier: IntentClassifier
  private let features: TextFeatures
  let phrases: CommandPhrases
  private let assents: Set<SlotName>
  private let reaches: [FlowID: FlowReach]
  private let mending: WordMending
  private let verb: WishVerb

  /// Learns an assistant. With an embedder this embeds every example once (about 5 ms each, kept in `cache`); without one it
  /// uses character n-grams. Takes up to seconds: once per version of an assistant, never on an event loop.
  ///
  /// Throws what the embedder throws, or `nothingToLearn`.
  public init(
    assistant: AssistantDefinition, embedder: (any Embedder)?, stock: StockLibrary? = nil, cache: EmbeddingCache? = nil
  ) async throws {
    let stock = stock ?? .library(for: assistant.locale)
    var labels: [IntentLabel] = []
    var texts: [String] = []
    var rowLabels: [Int] = []
    var warnings: [String] = []
    for flow in assistant.journeys {
      if flow.examples.count < 10 {
        warnings.append(
          "\(flow.source): the flow \(flow.id) has \(flow.examples.count) examples; with fewer than 10 it is often missed"
        )
      }
      let examples = flow.examples.isEmpty ? [flow.name, flow.summary] : flow.examples
      for example in examples where !example.isEmpty {
        texts.append(example)
        rowLabels.append(labels.count)
      }
      labels.append(.flow(flow.id))
    }
    for intent in stock.intents {
      texts += intent.examples
      rowLabels += Array(repeating: labels.count, count: intent.examples.count)
      labels.append(.stock(intent.kind))
    }
    guard !texts.isEmpty else { throw UnderstandingError(.nothingToLearn, "there is no example to learn from") }
    definition = assistant
    assents = assistant.assents
    reaches = assistant.flows.mapValues { FlowReach(of: $0.id, in: assistant) }
    self.warnings = warnings
    phrases = .phrases(for: assistant.locale)
    verb = WishVerb(of: assistant, phrases: phrases)
    mending = WordMending(examples: assistant.journeys.flatMap(\.examples)) { embedder?.knows($0) ?? true }
    if let embedder {
      features = .embedding(embedder)
      let rows = try await Self.embedded(texts, embedder, cache)
      classifier = IntentClassifier(
        name: "minilm", labels: labels, rows: rows, rowLabels: rowLabels, features: rows[0].values.count,
        bounds: ScopeGate.Bounds(lowest: 0.34, highest: 0.5), training: SoftmaxHead.Training())
    } else {
      let ngrams = NgramFeatures(examples: texts)
      features = .ngrams(ngrams)
      classifier = IntentClassifier(
        name: "ngram", labels: labels, rows: texts.map(ngrams.vector), rowLabels: rowLabels, features: ngrams.dimension,
        bounds: ScopeGate.Bounds(lowest: 0.16, highest: 0.34), training: SoftmaxHead.Training())
    }
  }

  private static func embedded(_ texts: [String], _ embedder: any Embedder, _ cache: EmbeddingCache?) async throws
    -> [FeatureVector]
  {
    var vectors = texts.map { cache?.vector(of: $0, model: embedder.identity) }
    let missing = vectors.indices.filter { vectors[$0] == nil }
    if !missing.isEmpty {
      let made = try await embedder.embed(missing.map { texts[$0] })
      guard made.count == missing.count else {
        throw UnderstandingError(.modelUnusable, "the embedder gave too few vectors")
      }
      for (place, vector) in zip(missing, made) {
        vectors[place] = vector
        cache?.store(vector, of: texts[place], model: embedder.identity)
      }
    }
    let width = vectors[0]?.count ?? 0
    return try vectors.map { vector in
      guard let vector, vector.count == width, width > 0 else {
        throw UnderstandingError(.modelUnusable, "vectors differ in length")
      }
      return FeatureVector(dense: vector)
    }
  }

  /// The commands in a turn, no surer than its words. Values are clear: the caller of this role protects them.
  public func understand(
    _ request: UnderstandingRequest, deadline: ContinuousClock.Instant
  ) async throws -> [ProposedCommand] {
    let recognition = RecognitionDoubt.confidence(of: request.heard)
    let others = OtherReadings(definition: definition, request: request, assents: assents)
    return try await meaning(of: request, deadline).map { others.added(to: $0.doubted(recognition)) }
  }

  private func meaning(
    of request: UnderstandingRequest, _ deadline: ContinuousClock.Instant
  ) async throws -> [ProposedCommand] {
    let segments = request.heard.filter { $0.kind != .empty }.compactMap { $0.text.revealed.map(PlainText.of) }
    let whole = try await understand(segments.joined(separator: " "), request, deadline)
    guard segments.count > 1, !whole.contains(where: \.isUsable) else { return whole }
    // Afterthoughts ("no, that is all. Oh, thank you") spoil a whole that its parts are clear about.
    for segment in segments {
      guard let part = try? await understand(segment, request, deadline) else { break }
      // What the whole turn does not say, a part of it does not say either, where it cannot be taken back.
      if !request.isIdle, part.contains(where: \.isFinal) { continue }
      if part.contains(where: \.isUsable) { return part }
    }
    return whole
  }

  private func understand(
    _ text: String, _ request: UnderstandingRequest, _ deadline: ContinuousClock.Instant
  ) async throws -> [ProposedCommand] {
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
    let turn = TurnReading(
      definition: definition, request: request, text: text, phrases: phrases, assents: assents, reaches: reaches,
      verb: verb)
    let commands = try await commands(of: turn, deadline)
    return Additions(definition: definition, request: request, text: text, reaches: reaches).told(beside: commands)
  }

  private func commands(
    of turn: TurnReading, _ deadline: ContinuousClock.Instant
  ) async throws -> [ProposedCommand] {
    switch turn.settled() {
    case .commands(let commands): return commands
    case .classify(let question):
      guard !question.text.isEmpty else { return question.decide([], classifier) }
      guard ContinuousClock.now < deadline else {
        throw UnderstandingError(.deadlineExceeded, "the deadline passed before the words were classified")
      }
      let words = mending.mended(question.text)
      let first = turn.heldBack(question.decide(try await scores(words, deadline), classifier))
      let commands = await withSecondWish(await byValues(first, question, deadline), question, deadline)
      guard !commands.contains(where: \.isUsable) else { return commands }
      // "open another cave" is nothing that is done here; "open another case" is.
      for bold in mending.boldlyMended(words) {
        // What was understood already is not lost to a second look that takes too long.
        guard let scores = try? await scores(bold, deadline) else { break }
        let again = question.decide(scores, classifier)
        if again.contains(where: { $0.command.isStart && $0.confidence >= Self.sureOfMended }) { return again }
      }
      return commands
    }
  }

  /// What words mean that were mended boldly must be beyond doubt.
  private static let sureOfMended = Confidence(permille: 600)

  func scores(_ words: String, _ deadline: ContinuousClock.Instant) async throws -> [IntentClassifier.Score] {
    classifier.scores(try await Deadline.run(until: deadline) { [features] in try await features.vector(of: words) })
  }
}

extension Command {
  fileprivate var isStart: Bool {
    if case .startFlow = self { return true }
    return false
  }
}

extension ProposedCommand {
  /// A yes, and what leaves the call or the journey under way.
  fileprivate var isFinal: Bool {
    switch command {
    case .answer(true), .setSlot(_, .bool(true)), .cancelFlow, .goodbye, .humanHandoff, .restart: true
    default: false
    }
  }

  /// Whether it leads anywhere: neither helplessness nor guessed small talk.
  fileprivate var isUsable: Bool {
    switch command {
    case .cannotHandle: false
    case .chitchat: proposer == TurnReading.thanksRule
    case .aside: proposer.hasPrefix(TurnReading.rulePrefix)
    default: true
    }
  }
}

/// Bounds a wait.
enum Deadline {
  /// The result of `body`, or `deadlineExceeded` when it is not there in time; `body` is cancelled then.
  static func run<Value: Sendable>(
    until deadline: ContinuousClock.Instant, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        try await Task.sleep(until: deadline, clock: .continuous)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let value = first else {
        throw UnderstandingError(.deadlineExceeded, "the deadline passed while the words were classified")
      }
      return value
    }
  }
}
