import Core
import Foundation
import Inference
import Testing

@testable import Understanding

/// The examples of the shop in `Examples/`, which others wrote.
enum ShopExamples {
  static let file = file(of: "shop")

  static func file(of example: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
      .appendingPathComponent("Examples/\(example)/examples/en-US.yml")
  }

  /// Sentences by flow; the file's own simple layout, read without a YAML parser.
  static func read(_ file: URL = file) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    var flow = ""
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("    - ") {
        found[flow, default: []].append(line.dropFirst(6).trimmingCharacters(in: CharacterSet(charactersIn: "\" '")))
      } else if line.hasPrefix("  "), line.hasSuffix(":") {
        flow = line.dropLast().trimmingCharacters(in: .whitespaces)
      }
    }
    return found
  }

  /// The test's assistant with these examples in place of its own.
  static func assistant() throws -> AssistantDefinition {
    let examples = try read()
    let whole = ShopAssistant.definition
    let flows = whole.flows.mapValues { flow in
      Flow(
        id: flow.id, name: flow.name, summary: flow.summary, steps: flow.steps,
        examples: examples[flow.id.rawValue] ?? flow.examples, source: flow.source)
    }
    return AssistantDefinition(
      version: whole.version, locale: whole.locale, persona: whole.persona, flows: flows, slots: whole.slots,
      responses: [:],
      tools: [:], destinations: [:], voice: whole.voice, profile: whole.profile)
  }
}

@Suite(.enabled(if: FileManager.default.fileExists(atPath: ShopExamples.file.path))) struct `The shop's examples` {
  /// How many of their sentences start the flow they stand under, when learnt from ours: nobody tuned for them.
  func startsRight(_ understander: EmbeddedUnderstander) async throws -> (right: Int, wrong: Int, all: Int) {
    var figures = (right: 0, wrong: 0, all: 0)
    for (flow, sentences) in try ShopExamples.read() where ShopAssistant.definition.flows[FlowID(flow)] != nil {
      for sentence in sentences {
        figures.all += 1
        let commands = try await understander.understand(
          CallState.idle.request(sentence), deadline: .unhurried)
        if case .startFlow(let started) = commands.first?.command {
          if started.rawValue == flow {
            figures.right += 1
          } else {
            figures.wrong += 1
            print("  \(sentence) -> \(started), not \(flow)")
          }
        } else {
          print(
            "  \(sentence) -> \(canonical(commands)), not \(flow) (\(commands.first?.proposer ?? "") \(commands.first?.runnerUp ?? ""))"
          )
        }
      }
    }
    return figures
  }

  @Test(.enabled(if: hasPack)) func `are told apart with MiniLM, learnt from either side`() async throws {
    let embedder = try MiniLMEmbedder(pack: pack, runtime: try pack.openRuntime(), pool: InferencePool(threads: 1))
    let cache = EmbeddingCache(
      folder: FileManager.default.temporaryDirectory.appendingPathComponent("repartee-embeddings").path)
    let ours = try await EmbeddedUnderstander(assistant: ShopAssistant.definition, embedder: embedder, cache: cache)
    let figures = try await startsRight(ours)
    print("MiniLM, their sentences: \(figures)")
    #expect(figures.right * 100 >= figures.all * 72 && figures.wrong * 100 <= figures.all * 6)
    let theirs = try await EmbeddedUnderstander(assistant: ShopExamples.assistant(), embedder: embedder, cache: cache)
    let score = try await score(theirs, RegressionSet.cases)
    report("MiniLM, their examples", score, theirs)
    #expect(score.right >= 128 && score.wrongStarts == 0)
    for text in ["No, I meant 8 7 6 5 4 3 2 1.", "sorry, I meant order 87654321", "and 87654321?", "87654321"] {
      for state in [CallState.idle, .anythingElse] {
        let commands = try await theirs.understand(state.request(text), deadline: .unhurried)
        print(
          "  [\(state)] \(text) -> \(canonical(commands)) \(commands.first?.runnerUp ?? "") \(commands.first?.confidence ?? .none)"
        )
        #expect(canonical(commands) == "set order_number=87654321 + start order_status")
      }
    }
  }

  @Test func `are told apart without a model`() async throws {
    let figures = try await startsRight(try await Shared.ngrams.value)
    print("n-grams, their sentences: \(figures)")
    #expect(figures.right * 100 >= figures.all * 64 && figures.wrong * 100 <= figures.all * 13)
    let theirs = try await EmbeddedUnderstander(assistant: ShopExamples.assistant(), embedder: nil)
    let score = try await score(theirs, RegressionSet.cases)
    report("n-grams, their examples", score, theirs)
    #expect(score.right >= 126 && score.wrongStarts == 0)
  }
}
