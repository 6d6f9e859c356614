import Core
import Foundation
import Testing

@testable import Understanding

/// Vectors that count letters: enough to tell texts apart, and countable.
struct LetterEmbedder: Embedder {
  let identity = "letters"
  var delay: Duration = .zero
  var fails = false
  struct Broken: Error {}

  func embed(_ texts: [String]) async throws -> [[Float]] {
    if fails { throw Broken() }
    if delay > .zero { try await Task.sleep(for: delay) }
    return texts.map { text in
      var counts = [Float](repeating: 0, count: 26)
      for byte in text.lowercased().utf8 where (97...122).contains(byte) { counts[Int(byte) - 97] += 1 }
      return FeatureVector.unit(counts)
    }
  }
}

@Suite struct `Softmax head` {
  static let rows = [[1, 0, 0.1], [0.9, 0.1, 0], [0, 1, 0.1], [0.1, 0.9, 0], [0, 0.1, 1], [0, 0, 1]].map {
    FeatureVector(dense: $0.map { Float($0) })
  }

  @Test func `learns what can be parted and is the same each time`() {
    let first = SoftmaxHead(rows: Self.rows, labels: [0, 0, 1, 1, 2, 2], classes: 3, features: 3)
    let second = SoftmaxHead(rows: Self.rows, labels: [0, 0, 1, 1, 2, 2], classes: 3, features: 3)
    for (index, row) in Self.rows.enumerated() {
      let probabilities = first.probabilities(row)
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
      #expect(probabilities.firstIndex(of: probabilities.max() ?? 0) == index / 2)
      #expect(probabilities == second.probabilities(row))
    }
  }

  @Test func `untrained it has no opinion`() {
    let head = SoftmaxHead(
      rows: Self.rows, labels: [0, 0, 1, 1, 2, 2], classes: 3, features: 3, training: SoftmaxHead.Training(steps: 0))
    #expect(head.probabilities(Self.rows[0]).allSatisfy { abs($0 - 1 / 3) < 1e-6 })
  }

  @Test func `a class with many examples does not drown one with few`() {
    let rows = Array(repeating: Self.rows[0], count: 30) + [Self.rows[2]]
    let head = SoftmaxHead(rows: rows, labels: Array(repeating: 0, count: 30) + [1], classes: 2, features: 3)
    #expect(head.probabilities(Self.rows[2])[1] > 0.7)
  }
}

@Suite struct `Features and gate` {
  @Test func `n-grams find a word with a slip and know nothing of strange words`() {
    let features = NgramFeatures(examples: ["change my address", "where is my order"])
    let clean = features.vector(of: "change my address")
    #expect(clean.similarity(to: features.vector(of: "chang my adress")) > 0.5)
    #expect(clean.similarity(to: features.vector(of: "where is my order")) < 0.3)
    #expect(features.vector(of: "qqq").values.isEmpty)
    #expect(abs(clean.similarity(to: clean) - 1) < 1e-5)
  }

  @Test func `the logarithm is one`() {
    for value in [0.01, 0.5, 1, 2, 2.718281828459045, 10, 12345] {
      #expect(abs(NgramFeatures.naturalLogarithm(value) - log(value)) < 1e-9)
    }
  }

  @Test func `sparse and dense vectors agree`() {
    let dense = FeatureVector(dense: [3, 0, 4])
    let sparse = FeatureVector(sparse: [(index: 2, value: 4), (index: 0, value: 3)])
    #expect(abs(dense.similarity(to: sparse) - 1) < 1e-6)
  }

  @Test func `the gate lies between what is ours and what is not, inside its bounds`() {
    let bounds = ScopeGate.Bounds(lowest: 0.3, highest: 0.6)
    let apart = ScopeGate(own: [0.7, 0.8, 0.9], others: [0.1, 0.2, 0.44], bounds: bounds)
    #expect(apart.similarity > 0.44 && apart.similarity <= 0.6)
    #expect(apart.ownPassed == 1000 && apart.othersStopped == 1000)
    #expect(ScopeGate(own: [0.1], others: [0.05], bounds: bounds).similarity >= 0.3)
    #expect(ScopeGate(own: [], others: [], bounds: bounds).similarity == 0.3)
  }
}

@Suite struct `Building and failing` {
  @Test func `examples are embedded once and then read from the cache`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cache = EmbeddingCache(folder: folder)
    _ = try await EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: LetterEmbedder(), cache: cache)
    // the second build must not need the embedder at all
    _ = try await EmbeddedUnderstander(
      assistant: ShopAssistant.definition, embedder: LetterEmbedder(fails: true), cache: cache)
    await #expect(throws: LetterEmbedder.Broken.self) {
      _ = try await EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: LetterEmbedder(fails: true))
    }
    let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder + "/" + file))
    _ = try await EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: LetterEmbedder(), cache: cache)
  }

  @Test func `a vector comes back from disk to the bit`() {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cache = EmbeddingCache(folder: folder)
    let vector: [Float] = [0.1, -0.25, 1e-20, 3]
    cache.store(vector, of: "a", model: "m")
    #expect(cache.vector(of: "a", model: "m") == vector)
    #expect(cache.vector(of: "a", model: "other") == nil)
  }

  @Test func `a deadline that has passed is an error, and what needs no model is answered all the same`() async throws {
    let understander = try await EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: LetterEmbedder())
    await #expect(throws: UnderstandingError.self) {
      _ = try await understander.understand(CallState.idle.request("where is my order"), deadline: .now - .seconds(1))
    }
    let known = try await understander.understand(
      CallState.statusNumber.request("12345678"), deadline: .now - .seconds(1))
    #expect(known.map(\.command) == [.setSlot("order_number", .text("12345678"))])
  }

  @Test func `a model that does not answer in time is an error`() async throws {
    await #expect(throws: UnderstandingError.self) {
      try await Deadline.run(until: .now + .milliseconds(5)) { try await Task.sleep(for: .seconds(600)) }
    }
  }

  @Test func `flows with few examples are named`() async throws {
    let here = SourceLocation(file: "flows.yml", line: 7, column: 3)
    let flow = Flow(
      id: "thin", name: "Thin", summary: "does little", steps: [], examples: ["one example"], source: here)
    let whole = ShopAssistant.definition
    let thin = AssistantDefinition(
      version: whole.version, locale: whole.locale, persona: whole.persona,
      flows: whole.flows.merging(["thin": flow]) { $1 }, slots: whole.slots,
      responses: [:], tools: [:], destinations: [:], voice: whole.voice, profile: whole.profile)
    let understander = try await EmbeddedUnderstander(assistant: thin, embedder: nil)
    #expect(understander.warnings.count == 1)
    #expect(understander.warnings.first?.contains("flows.yml:7:3") == true)
  }

  @Test func `the stock library has twenty examples and more of each kind, none twice`() {
    let intents = StockLibrary.english.intents
    #expect(Set(intents.map(\.kind)) == Set(StockIntent.Kind.allCases))
    for intent in intents { #expect(intent.examples.count >= 20, "\(intent.kind)") }
    let all = intents.flatMap(\.examples)
    #expect(Set(all).count == all.count)
  }

  @Test func `no sentence of the regression set is an example`() {
    let examples = Set(
      (StockLibrary.english.intents.flatMap(\.examples) + ShopAssistant.definition.journeys.flatMap(\.examples)).map {
        $0.lowercased()
      })
    let copied = RegressionSet.cases.map { $0.text.lowercased() }.filter {
      examples.contains($0.filter { $0.isLetter || $0 == " " || $0 == "'" })
    }
    #expect(copied.count <= 4, "\(copied)")
  }
}
