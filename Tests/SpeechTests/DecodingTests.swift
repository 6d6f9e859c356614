import Core
import Foundation
import Testing

@testable import Speech

@Suite("Decoding and clips")
struct DecodingTests {
  func firstCut(_ tokens: [Int]) -> (taken: Int, kept: Int)? {
    var loops = RepetitionGuard()
    for (index, token) in tokens.enumerated() {
      if let kept = loops.take(token) { return (index + 1, kept) }
    }
    return nil
  }

  @Test func `a looping phrase is cut to one of its turns`() throws {
    let cut = try #require(firstCut([7, 8, 9] + Array(repeating: [1, 2], count: 20).flatMap(\.self)))
    #expect(cut.taken == 13 && cut.kept == 5)
    let long = try #require(firstCut(Array(repeating: Array(1...12), count: 6).flatMap(\.self)))
    #expect(long.taken == 60 && long.kept == 12)
  }

  @Test(arguments: [
    [8, 8, 8, 8, 8, 8, 8, 8],
    [5, 6, 5, 6, 5, 6, 5, 6],
    [3, 4, 3, 4, 3, 4, 3, 4, 9, 3, 4],
    Array(1...60),
  ])
  func `what callers repeat themselves stays`(tokens: [Int]) { #expect(firstCut(tokens) == nil) }

  @Test func `the best token and the share it has`() {
    let scores: [Float] = [1, 3, 2, -50]
    let (token, logProbability) = PieceScores.best(of: scores.span)
    #expect(token == 1)
    let expected = 3 - log(exp(1) + exp(3) + exp(2.0))
    #expect(abs(Double(logProbability) - expected) < 1e-5)
  }

  /// Pieces 0 to 4; 2 is the end of text.
  @Test func `speech that seems to end at once is read when another beginning is likely`() {
    let shares: (Float) -> [Float] = { other in
      [logf(0.01), logf(0.01), logf(1 - other - 0.03), logf(0.01), logf(other)]
    }
    #expect(TokenVocabulary.end == 2)
    let speech = PieceScores.beginning(of: shares(0.08).span)
    #expect(speech.token == 4 && abs(expf(speech.logProbability) - 0.08 / 0.11) < 0.001)
    #expect(PieceScores.beginning(of: shares(0.03).span).token == 2)
    #expect(PieceScores.beginning(of: shares(0.9).span).token == 4)
    #expect(PieceScores.best(of: shares(0.08).span).token == 2)
  }

  @Test func `long speech is cut at quiet places and nothing is lost`() {
    var samples = [Float](repeating: 0.5, count: 1000)
    for index in 330..<350 { samples[index] = 0 }
    let pieces = ClipSplitter.split(samples, longest: 400, window: 10)
    #expect(pieces.flatMap(Array.init) == samples)
    #expect(pieces.allSatisfy { $0.count <= 400 && !$0.isEmpty })
    #expect((330..<350).contains(pieces[0].count))
    #expect(ClipSplitter.split([], longest: 400, window: 10).isEmpty)
  }

  @Test func `short speech gets air on both sides`() {
    let padded = MoonshineRecognizer.padded([1, 1, 1][...])
    #expect(padded.count == 16000)
    #expect(padded.firstIndex(of: 1) == 7998)
    #expect(MoonshineRecognizer.padded([Float](repeating: 1, count: 16001)[...]).count == 16001)
  }
}
