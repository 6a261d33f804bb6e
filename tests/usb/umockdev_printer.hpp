// A FakePrinter behind umockdev: the real libusb sees a sysfs tree and a node in /dev/bus/usb whose
// usbdevfs ioctls are answered here, in umockdev's thread. Programs must run under
// umockdev-wrapper.
#pragma once

#include "tests/usb/fake_printer.hpp"

#include <linux/usbdevice_fs.h>
#include <umockdev.h>

namespace antrean::usb_test {

// The one of this process. Made before anything of libusb; SIGHUP is ignored from then on, since
// the nodes are terminals that hang up when the printer is unplugged.
UMockdevTestbed* testbed();

class UmockdevPrinter final : public FakePrinter {
public:
    struct Options {
        Identity identity;
        virtual_printer::Profile profile;
        std::string port = "1-1";  // as in sysfs
        int bus = 1;
        int first_number = 2;            // a new device number for every plug(), like a kernel
        std::string kernel_driver;       // such as usblp: in the way until it is detached
        unsigned printer_interface = 0;  // where that driver is
    };

    explicit UmockdevPrinter(Options options);
    ~UmockdevPrinter() override;  // after whoever has opened it has closed it

    void plug() override;
    void unplug() override;
    std::size_t count(const std::string& ioctl) const;  // how often it was called
    bool has_kernel_driver() const;
    // The interfaces that anybody has detached, claimed, set or released since it was made.
    std::set<unsigned> touched() const;

private:
    // One submitted usbdevfs_urb. `data` is owned.
    struct InFlight {
        UMockdevIoctlClient* client = nullptr;
        UMockdevIoctlData* data = nullptr;
        usbdevfs_urb* urb() const { return reinterpret_cast<usbdevfs_urb*>(data->data); }
    };
    struct Claim {
        UmockdevPrinter* self;
        UMockdevIoctlClient* client;
        unsigned interface;
        bool detach;
    };

    static gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer self);
    static void on_connected(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer self);
    static void on_gone(gpointer self, GObject* where_client_was);
    static gboolean on_claim_retry(gpointer claim);
    void complete(const Urb& urb, int status) override;
    gboolean handle(UMockdevIoctlClient* client);
    void claim_interface(UMockdevIoctlClient* client, unsigned interface, bool detach);
    int driver_ioctl(const usbdevfs_ioctl& request);
    bool claimed_by_other(UMockdevIoctlClient* client, unsigned interface) const;
    int claim(UMockdevIoctlClient* client, unsigned interface, bool detach);
    int submit_urb(UMockdevIoctlClient* client);
    int discard_urb(UMockdevIoctlClient* client);
    bool reap_urb(UMockdevIoctlClient* client);
    void finish(InFlight in_flight, int status, std::size_t done);
    void update_poll();
    std::string node() const;
    std::string description() const;

    const Options options_;
    UMockdevIoctlBase* const handler_;
    bool present_ = false;
    int number_;
    int pty_master_ = -1;
    int pty_slave_ = -1;
    const std::string sysfs_path_;
    std::string driver_;
    std::set<UMockdevIoctlClient*> clients_;  // open descriptors
    std::map<UMockdevIoctlClient*, std::set<unsigned>> claims_;
    std::map<std::uint64_t, InFlight> flying_;  // by URB key
    std::deque<InFlight> done_;                 // to be reaped
    std::uint64_t next_key_ = 1;
    std::map<std::string, std::size_t> counts_;
    std::set<unsigned> touched_;
};

}  // namespace antrean::usb_test
