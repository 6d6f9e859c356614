import Assistant
public import Conversation
import Core
import Foundation
public import TestSupport

extension Conversation: Stepping {}

/// A call to the shop of `Examples/shop`, in virtual time.
typealias ShopCall = VirtualCall<Conversation>

enum Shop {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Examples/shop").path
  static let assistant = Result { PreparedAssistant(try AssistantLoader.load(folder: folder).definition) }

  /// A call that rings.
  static func call(channel: Channel = .voice, seed: UInt64 = 1) throws -> ShopCall {
    var call = ShopCall(Conversation(assistant: try assistant.get(), start: .example(channel: channel, seed: seed)))
    call.tools = { (ShopTable.answer($0), 50) }
    return call
  }

  /// A call whose greeting was heard, and whose caller is asked what for.
  static func greeted(channel: Channel = .voice) throws -> ShopCall {
    var call = try Shop.call(channel: channel)
    call.connect()
    call.settle()
    return call
  }
}

extension ShopCall {
  /// What was said since the last time this was asked, after all that is under way came to rest.
  mutating func hears(_ body: (inout Self) -> Void) -> String {
    let before = utterances.count
    body(&self)
    wait(700)
    settle()
    return utterances.dropFirst(before).map(\.clearText).joined(separator: " ")
  }

  mutating func order(_ number: String) -> Command {
    .setSlot("order_number", .sensitive(sensitive(number, .identifier)))
  }
}
