import Core
import Storage
import Testing

@testable import Server

@Suite struct `A ticket to go on with a conversation` {
  private let tickets = ResumptionTickets(.ephemeral())

  @Test func `names it and how often lines have joined it, and is read by whoever has the key`() throws {
    let ticket = tickets.ticket(for: "c1wgs2olhfw84halg4v4w96qtv", attachments: 2)
    #expect(ticket.hasPrefix("c1wgs2olhfw84halg4v4w96qtv-2-") && ticket.utf8.count == 29 + 32)
    let opened = try #require(tickets.opened(by: ticket))
    #expect(opened.conversation == "c1wgs2olhfw84halg4v4w96qtv" && opened.attachments == 2)
    #expect(ResumptionTickets(.ephemeral()).opened(by: ticket) == nil)
  }

  @Test func `with any octet changed, cut or prolonged is none`() {
    let ticket = Array(tickets.ticket(for: "c1-2", attachments: 1).utf8)
    for place in ticket.indices {
      for other in Array("0a-~".utf8) where ticket[place] != other {
        var forged = ticket
        forged[place] = other
        #expect(tickets.opened(by: String(decoding: forged, as: UTF8.self)) == nil)
      }
      #expect(tickets.opened(by: String(decoding: ticket[..<place], as: UTF8.self)) == nil)
    }
    for text in ["", "-", "--", "c1-2", "c1-2-", String(decoding: ticket, as: UTF8.self) + "0", "--------", "c1--2-0"] {
      #expect(tickets.opened(by: text) == nil, "\(text)")
    }
  }
}
