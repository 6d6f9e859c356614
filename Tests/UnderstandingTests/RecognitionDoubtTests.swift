import Core
import Testing

@testable import Understanding

@Suite struct `What the recogniser doubts` {
  private func heard(_ permille: Int, words: Int = 3, _ kind: Heard.Kind = .content) -> Heard {
    Heard(
      text: Sensitive(token: SensitiveToken(label: .speech, id: "t"), value: "yes"),
      confidence: Confidence(permille: permille), wordCount: words, kind: kind, ending: .open)
  }

  @Test(arguments: [
    (950, 1000, 950), (950, 700, 950), (950, 600, 855), (950, 400, 665), (800, 200, 400), (1000, 0, 300), (0, 500, 0),
  ])
  func `lowers what its words mean, from seven tenths downwards`(_ command: Int, _ recognition: Int, _ wanted: Int) {
    let lowered = RecognitionDoubt.lowered(
      Confidence(permille: command), by: Confidence(permille: recognition))
    #expect(lowered.permille == wanted)
  }

  @Test func `never makes anything surer, and never turns an order round`() {
    for command in stride(from: 0, through: 1000, by: 50) {
      var last = Confidence.none
      for recognition in stride(from: 0, through: 1000, by: 10) {
        let lowered = RecognitionDoubt.lowered(
          Confidence(permille: command), by: Confidence(permille: recognition))
        #expect(lowered.permille <= command && lowered >= last)
        last = lowered
      }
    }
  }

  @Test func `is weighed by the words of each segment, noises apart`() {
    #expect(RecognitionDoubt.confidence(of: [heard(900, words: 3), heard(100, words: 1)]).permille == 700)
    #expect(RecognitionDoubt.confidence(of: [heard(900), heard(0, words: 0, .empty)]).permille == 900)
    #expect(RecognitionDoubt.confidence(of: []) == .certain)
  }

  @Test func `is in every command of a turn`() async throws {
    let understander = try await Shared.ngrams.value
    for (state, text) in [(CallState.confirmAddress, "yes"), (.idle, "where is my order"), (.idle, "a person please")] {
      let sure = try await understander.understand(state.request(text), deadline: .unhurried)
      let request = state.request(text)
      let doubtful = UnderstandingRequest(
        turn: request.turn,
        heard: request.heard.map {
          Heard(
            text: $0.text, confidence: Confidence(permille: 200), wordCount: $0.wordCount, kind: $0.kind,
            ending: $0.ending)
        }, awaiting: request.awaiting, activeFlow: request.activeFlow, fillable: request.fillable,
        filled: request.filled, startable: request.startable, today: request.today, minuteOfDay: request.minuteOfDay)
      let unsure = try await understander.understand(doubtful, deadline: .unhurried)
      #expect(unsure.map(\.command) == sure.map(\.command))
      #expect(unsure.map(\.confidence.permille) == sure.map { $0.confidence.permille / 2 })
    }
  }
}
