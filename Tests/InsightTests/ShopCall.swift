import Assistant
public import Conversation
import Core
import Foundation
public import TestSupport

extension Conversation: Stepping {}

typealias ShopCall = VirtualCall<Conversation>

enum Shop {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Examples/shop").path
  static let definition = Result { try AssistantLoader.load(folder: folder).definition }
  static let assistant = Result { PreparedAssistant(try definition.get()) }

  static func call(seed: UInt64 = 1) throws -> ShopCall {
    var call = ShopCall(Conversation(assistant: try assistant.get(), start: .example(seed: seed)))
    call.tools = { (ShopTable.answer($0), 50) }
    return call
  }
}

extension ShopCall {
  /// The journal as another process reads it: written, read, every caller's value gone.
  func read(seed: UInt64 = 1) throws -> [JournalEntry] {
    try journal(.example(seed: seed), Shop.definition.get().version).map {
      try CanonicalJSON.decode(JournalEntry.self, from: CanonicalJSON.encode($0))
    }
  }
}
