import Assistant
import Core
import Foundation
import Synchronization
import Testing

@testable import Server

@Suite struct `The name of a persona` {
  @Test func `is what the introduction says, and does not keep it from being prepared before calls come`() async throws
  {
    let desk = try Desk()
    try desk.rewrite("assistant.yml", "name: Robin ", as: "name: Kim ")
    let definition = try AssistantShelf(desk.configuration).take(.folder(desk.folder)).loaded.definition
    #expect(definition.persona.name == "Kim")
    #expect(ConstantSentences.of(definition).contains("Hello, this is Kim, an automated assistant."))
    #expect(
      ConstantSentences.of("utter_session_start", in: definition) == ["Hello, this is Kim, an automated assistant."])
    let heard = Mutex<[String]>([])
    _ = try await Chatting(folder: desk.folder, configuration: desk.configuration, environment: [:]).run(
      show: { text in heard.withLock { $0.append(text) } }, next: { nil })
    #expect(heard.withLock { $0.joined() }.contains("this is Kim"))
  }
}
