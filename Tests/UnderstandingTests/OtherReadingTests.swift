import Core
import Testing

@testable import Understanding

@Suite struct `Other readings of an answer` {
  private func heard(_ segments: [(text: String, others: [String])], in state: CallState) -> UnderstandingRequest {
    func token(_ text: String) -> Sensitive<String> {
      Sensitive(token: SensitiveToken(label: .speech, id: text), value: text)
    }
    let request = state.request("")
    return UnderstandingRequest(
      turn: request.turn,
      heard: segments.map {
        Heard(
          text: token($0.text), confidence: .certain, wordCount: 8, kind: .content, ending: .complete,
          others: $0.others.map(token))
      }, awaiting: request.awaiting, activeFlow: request.activeFlow, fillable: request.fillable,
      filled: request.filled, startable: request.startable, today: request.today, minuteOfDay: request.minuteOfDay)
  }

  private func values(
    _ segments: [(text: String, others: [String])], in state: CallState = .statusNumber
  ) async throws -> [String] {
    let understander = try await Shared.ngrams.value
    let commands = try await understander.understand(heard(segments, in: state), deadline: .unhurried)
    guard case .setSlot(_, let value?)? = commands.first?.command, commands.count == 1 else { return ["\(commands)"] }
    return ([value] + (commands.first?.others ?? [])).map { $0.revealedText ?? "" }
  }

  @Test func `are values of what was asked, each once`() async throws {
    #expect(
      try await values([
        (
          "1 0 4 7 3 8 2 9",
          ["1 0 4 7 3 8 2 5", "one zero four seven three eight two nine", "It's 1 0 4 7 3 8 2 1."]
        )
      ]) == ["10473829", "10473825", "10473821"])
  }

  @Test func `of another length or of words are none`() async throws {
    #expect(
      try await values([("1 0 4 7 3 8 2 9", ["1 0 4 7 3 8 2", "I do not have it", "1 0 4 7 3 8 2 9 9"])]) == [
        "10473829"
      ])
  }

  @Test func `stand with the other segments of their turn`() async throws {
    #expect(
      try await values([("it is 1 0 4 7", ["it is 1 0 4 1"]), ("3 8 2 9", [])]) == ["10473829", "10413829"])
  }

  @Test func `are no other day, and no other yes`() async throws {
    #expect(try await values([("next Friday", ["next Monday"])], in: .date).count == 1)
    #expect(try await values([("yes", ["no"])], in: .confirmAddress).count == 1)
  }
}
