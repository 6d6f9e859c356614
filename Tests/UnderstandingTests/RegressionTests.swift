import Core
import Foundation
import Inference
import Testing

@testable import Understanding

/// How a turn's commands are written in the regression set.
func canonical(_ commands: [ProposedCommand]) -> String {
  let written = commands.map { proposed -> String in
    switch proposed.command {
    case .startFlow(let flow): "start \(flow)"
    case .setSlot(let slot, let value): "set \(slot)=\(value?.revealedText ?? "nil")"
    case .holdPart(let slot, let value, _): "part(\(slot)=\(value.revealedText ?? ""))"
    case .cancelFlow: "cancel"
    case .clarify: "clarify"
    case .skipQuestion: "skip"
    case .repeatLast: "repeat"
    case .humanHandoff: "human"
    case .hold: "hold"
    case .chitchat: "chitchat"
    case .aside(let aside): "aside \(aside.rawValue)"
    case .search: "search"
    case .restart: "restart"
    case .goodbye: "goodbye"
    case .answer(let truth): truth ? "yes" : "no"
    case .cannotHandle: "cannot"
    }
  }
  return written.isEmpty ? "nothing" : written.sorted().joined(separator: " + ")
}

func accepts(_ expected: String, _ seen: String) -> Bool {
  expected.components(separatedBy: " | ").contains {
    $0.components(separatedBy: " + ").sorted().joined(separator: " + ") == seen
  }
}

extension ContinuousClock.Instant {
  /// A deadline for tests that are not about deadlines: beside a thousand others a turn may take a minute.
  static var unhurried: Self { .now + .seconds(3600) }
}

struct Score {
  var right = 0
  var wrong: [String] = []
  /// Out-of-scope sentences that started something.
  var wrongStarts = 0
}

func score(_ understander: any Understander, _ cases: [RegressionCase]) async throws -> Score {
  var score = Score()
  for item in cases {
    let commands = try await understander.understand(item.state.request(item.text), deadline: .unhurried)
    let seen = canonical(commands)
    if accepts(item.expected, seen) {
      score.right += 1
    } else {
      let detail = commands.map { "\($0.proposer) \($0.confidence) \($0.runnerUp ?? "")" }.joined(separator: "; ")
      score.wrong.append("[\(item.state.rawValue)] \(item.text) -> \(seen), expected \(item.expected) (\(detail))")
      if item.expected.contains("cannot"), seen.contains("start") { score.wrongStarts += 1 }
    }
  }
  return score
}

func report(_ name: String, _ score: Score, _ understander: EmbeddedUnderstander) {
  print("\(name): \(score.right) of \(RegressionSet.cases.count); gate \(understander.classifier.gate)")
  for line in score.wrong { print("  " + line) }
}

/// Built once for all tests: learning takes a second in debug builds.
enum Shared {
  static let ngrams = Task { try await EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: nil) }
}

/// The pack, where there is one.
let pack = EnginePack(
  environment: ProcessInfo.processInfo.environment, workingFolder: FileManager.default.currentDirectoryPath)
let hasPack = pack.installed.contains("minilm-l6-v2") && pack.installed.contains("onnxruntime")

@Suite struct `The regression set` {
  @Test func `holds without a model`() async throws {
    let understander = try await Shared.ngrams.value
    let score = try await score(understander, RegressionSet.cases)
    report("n-grams", score, understander)
    #expect(score.right >= 126)
    #expect(score.wrongStarts == 0)
  }

  @Test(.enabled(if: hasPack)) func `holds with MiniLM`() async throws {
    let pool = InferencePool(threads: 1)
    let embedder = try MiniLMEmbedder(pack: pack, runtime: try pack.openRuntime(), pool: pool)
    let cache = EmbeddingCache(
      folder: FileManager.default.temporaryDirectory.appendingPathComponent("repartee-embeddings").path)
    let understander = try await EmbeddedUnderstander(
      assistant: ShopAssistant.definition, embedder: embedder, cache: cache)
    let start = ContinuousClock.now
    let score = try await score(understander, RegressionSet.cases)
    print("MiniLM, a turn: \((ContinuousClock.now - start) / RegressionSet.cases.count) in this build")
    report("MiniLM", score, understander)
    #expect(score.right >= 129)
    #expect(score.wrongStarts == 0)
  }
}
