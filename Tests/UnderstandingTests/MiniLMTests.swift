import Core
import Foundation
import Inference
import Testing

@testable import Understanding

/// A file beside this one, made with the reference implementation.
func fixture(_ name: String, file: String = #filePath) throws -> Data {
  try Data(
    contentsOf: URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name).json"))
}

@Suite struct `Word pieces` {
  static let vocabulary = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "order", "##s", "where", "is", "my", "un", "##aff", "##able", "cafe", "$", "?",
    "£", "##5", "5",
  ]
  .joined(separator: "\n")

  @Test(arguments: [
    ("Where is my orders?", [2, 6, 7, 8, 4, 5, 14, 3]), ("unaffable", [2, 9, 10, 11, 3]), ("Café", [2, 12, 3]),
    ("cafe\u{301}", [2, 12, 3]), ("$5", [2, 13, 17, 3]),
    ("£5", [2, 15, 16, 3]), ("strange", [2, 1, 3]), ("", [2, 3]), ("  where\t\nis ", [2, 6, 7, 3]),
  ])
  func `follow the rules of the model`(_ text: String, _ ids: [Int]) throws {
    #expect(try WordPiece(vocabulary: Self.vocabulary).ids(of: text) == ids)
  }

  @Test func `a sequence never grows beyond its limit`() throws {
    let ids = try WordPiece(vocabulary: Self.vocabulary).ids(of: String(repeating: "order ", count: 50), limit: 8)
    #expect(ids.count == 8 && ids.first == 2 && ids.last == 3)
  }

  @Test func `a vocabulary without special pieces is refused`() {
    #expect(throws: UnderstandingError.self) { try WordPiece(vocabulary: "order\nwhere") }
  }

  struct Reference: Decodable {
    var text: String
    var ids: [Int]
  }

  @Test(.enabled(if: hasPack)) func `equal the reference tokenizer's on a fixed list`() throws {
    let file = try pack.engine("minilm-l6-v2").file("vocabulary")
    let tokenizer = try WordPiece(vocabulary: String(contentsOfFile: file, encoding: .utf8))
    let list = try JSONDecoder().decode([Reference].self, from: fixture("tokens"))
    #expect(list.count > 30)
    for item in list { #expect(tokenizer.ids(of: item.text) == item.ids, "\(item.text)") }
  }
}

@Suite struct `The embedder` {
  struct Reference: Decodable {
    var text: String
    var vector: [Float]
  }

  @Test(.enabled(if: hasPack)) func `gives the stored vectors, of unit length`() async throws {
    let embedder = try MiniLMEmbedder(pack: pack, runtime: try pack.openRuntime(), pool: InferencePool(threads: 1))
    let list = try JSONDecoder().decode([Reference].self, from: fixture("vectors"))
    let vectors = try await embedder.embed(list.map(\.text))
    for (item, vector) in zip(list, vectors) {
      #expect(vector.count == 384)
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
      let error = zip(item.vector, vector).map { abs($0 - $1) }.max() ?? 1
      #expect(error < 1e-3, "\(item.text): \(error)")
    }
    #expect(try await embedder.embed([]).isEmpty)
  }

  @Test func `a pack without the model is an error with a code`() {
    let empty = EnginePack(folder: "/nonexistent")
    #expect(throws: InferenceError.self) { try empty.openRuntime() }
  }
}
