internal import Core

/// Where features of a text come from.
enum TextFeatures: Sendable {
  case embedding(any Embedder)
  case ngrams(NgramFeatures)

  func vector(of text: String) async throws -> FeatureVector {
    switch self {
    case .ngrams(let features): return features.vector(of: text)
    case .embedding(let embedder):
      guard let vector = try await embedder.embed([text]).first else {
        throw UnderstandingError(.modelUnusable, "the embedder gave no vector")
      }
      return FeatureVector(dense: vector)
    }
  }
}
