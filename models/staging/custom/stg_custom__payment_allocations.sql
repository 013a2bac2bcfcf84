{{ stage('custom', 'payment_allocations') }}
